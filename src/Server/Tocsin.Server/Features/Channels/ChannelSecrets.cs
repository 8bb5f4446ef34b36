using System.Text;
using Tocsin.Alerting.Channels.WebPush;
using Tocsin.Storage.Secrets;

namespace Tocsin.Server.Features.Channels;

/// <summary>The keys that channels sign and tag with, shared by all nodes. Read once, after the schema is applied and before a channel starts.</summary>
internal sealed class ChannelSecrets(SharedSecrets secrets)
{
    private const int MailTagLength = 32;

    private string? vapidPrivateKey;
    private byte[]? mailTagKey;

    /// <summary>As <see cref="VapidKey.GeneratePrivateKey"/> writes it. A new one would silence every browser that subscribed.</summary>
    public string VapidPrivateKey => vapidPrivateKey ?? throw NotLoaded();

    public byte[] MailTagKey => mailTagKey ?? throw NotLoaded();

    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        vapidPrivateKey = Encoding.ASCII.GetString(await secrets.GetOrCreateAsync("web-push-vapid", () => Encoding.ASCII.GetBytes(VapidKey.GeneratePrivateKey()), cancellationToken));
        mailTagKey = await secrets.GetOrCreateAsync("mail-tags", MailTagLength, cancellationToken);
    }

    private static InvalidOperationException NotLoaded() => new("A channel started before its secrets were read.");
}
