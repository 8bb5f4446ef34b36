using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Tocsin.Alerting.Channels.WebPush;

/// <summary>The key by which push services know this server again (RFC 8292, "VAPID"): browsers subscribe to its public half.</summary>
public sealed class VapidKey : IDisposable
{
    private const int PrivateKeyLength = 32;

    private readonly ECDsa key;
    private readonly Lock signing = new();

    private VapidKey(ECDsa key)
    {
        this.key = key;
        PublicKey = Base64Url.EncodeToString(PushEncryption.WritePoint(key.ExportParameters(includePrivateParameters: false)));
    }

    /// <summary>The uncompressed point in base64url: what the browser's <c>pushManager.subscribe</c> takes as <c>applicationServerKey</c>.</summary>
    public string PublicKey { get; }

    /// <summary>A new private key in base64url, to be kept as a secret: losing it ends every subscription.</summary>
    public static string GeneratePrivateKey()
    {
        using var generated = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Base64Url.EncodeToString(generated.ExportParameters(includePrivateParameters: true).D);
    }

    public static bool TryParse(string? privateKey, [NotNullWhen(true)] out VapidKey? vapid)
    {
        vapid = null;
        if (privateKey is null || !Base64Url.IsValid(privateKey, out var length) || length != PrivateKeyLength)
            return false;
        try
        {
            vapid = new VapidKey(ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = Base64Url.DecodeFromChars(privateKey) }));
            return true;
        }
        catch (CryptographicException)
        {
            // Zero, or not below the curve's order.
            return false;
        }
    }

    public void Dispose() => key.Dispose();

    /// <summary>RFC 7515 compact form, ES256. Callable from any thread.</summary>
    internal string Sign(string payload)
    {
        var input = $"{Header}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(payload))}";
        lock (signing)
            return $"{input}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256))}";
    }

    private static readonly string Header = Base64Url.EncodeToString("""{"typ":"JWT","alg":"ES256"}"""u8);
}

/// <summary>Writes the Authorization header for a push service, and keeps it: a signature for each push would cost more than the push.</summary>
/// <param name="subject">A <c>mailto:</c> or <c>https:</c> address where the push service's operator can reach us.</param>
internal sealed class VapidAuthorization(VapidKey key, string subject, TimeProvider time)
{
    /// <summary>RFC 8292 section 2 allows a day; half leaves room for a push service whose clock is wrong.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    private static readonly TimeSpan Renewal = TimeSpan.FromHours(1);

    /// <summary>Holds at most as many as there are allowed origins.</summary>
    private readonly ConcurrentDictionary<string, Token> tokens = new(StringComparer.Ordinal);

    public string For(string origin)
    {
        var now = time.GetUtcNow();
        if (tokens.TryGetValue(origin, out var token) && token.ExpiresAt - now > Renewal)
            return token.Header;
        var expiresAt = now + Lifetime;
        var payload = $$"""{"aud":{{JsonSerializer.Serialize(origin)}},"exp":{{expiresAt.ToUnixTimeSeconds()}},"sub":{{JsonSerializer.Serialize(subject)}}}""";
        token = new Token($"vapid t={key.Sign(payload)}, k={key.PublicKey}", expiresAt);
        tokens[origin] = token;
        return token.Header;
    }

    private sealed record Token(string Header, DateTimeOffset ExpiresAt);
}
