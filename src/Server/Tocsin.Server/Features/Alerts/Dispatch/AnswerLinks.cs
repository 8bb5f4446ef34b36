using Tocsin.Alerting;
using Tocsin.Alerting.Answers;
using Tocsin.Server.Hosting;
using Tocsin.Storage.Secrets;

namespace Tocsin.Server.Features.Alerts.Dispatch;

/// <summary>Recipients' personal links: <c>https://…/a/TOKEN</c>.</summary>
internal sealed class AnswerLinks(SharedSecrets secrets, ServerAddress address)
{
    private const string SecretName = "answer-links";
    private const int SecretLength = 32;

    /// <summary>Where the answer page is; the token follows.</summary>
    public const string Path = "/a/";

    private volatile string? start;

    public ValueTask<byte[]> KeyAsync(CancellationToken cancellationToken) => new(secrets.GetOrCreateAsync(SecretName, SecretLength, cancellationToken));

    public Uri Of(ReadOnlySpan<byte> key, AlertId alert, RecipientId recipient, int generation)
    {
        start ??= address.Public.AbsoluteUri.TrimEnd('/') + Path;
        return new Uri(start + AnswerToken.Issue(key, alert, recipient, generation).Encode());
    }
}
