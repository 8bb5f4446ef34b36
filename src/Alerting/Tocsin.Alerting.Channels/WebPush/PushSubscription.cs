using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;

namespace Tocsin.Alerting.Channels.WebPush;

/// <summary>Where one browser on one device gets its pushes, and the keys that only it can read with.</summary>
/// <remarks>
/// The JSON of W3C Push API's <c>PushSubscription.toJSON()</c>: <c>{"endpoint": "https://…", "keys": {"p256dh": "…", "auth": "…"}}</c>; other members are ignored.
/// Whoever knows an endpoint can disturb its owner: it is never logged.
/// </remarks>
public sealed record PushSubscription
{
    private const int MaximumJsonLength = 4096;
    private const int MaximumEndpointLength = 2048;

    private PushSubscription(Uri endpoint, ECParameters publicKey, byte[] publicPoint, byte[] authenticationSecret)
    {
        Endpoint = endpoint;
        PublicKey = publicKey;
        PublicPoint = publicPoint;
        AuthenticationSecret = authenticationSecret;
    }

    public Uri Endpoint { get; }

    /// <summary>Scheme, host and port of the endpoint, as <c>https://push.example</c>.</summary>
    public string Origin => Endpoint.GetLeftPart(UriPartial.Authority);

    /// <summary>The browser's P-256 key, known to lie on the curve.</summary>
    internal ECParameters PublicKey { get; }

    /// <summary>The same, uncompressed: 0x04, x, y. 65 octets.</summary>
    internal byte[] PublicPoint { get; }

    /// <summary>16 octets (RFC 8291 section 3.2).</summary>
    internal byte[] AuthenticationSecret { get; }

    public static bool TryParse(string? json, [NotNullWhen(true)] out PushSubscription? subscription)
    {
        subscription = null;
        if (json is null || json.Length > MaximumJsonLength || !TryRead(json, out var endpoint, out var p256dh, out var auth))
            return false;
        if (endpoint.Length > MaximumEndpointLength || !Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttps && uri.Scheme != Uri.UriSchemeHttp))
            return false;
        if (uri.UserInfo.Length > 0 || uri.Host.Length == 0 || !TryDecode(p256dh, PushEncryption.PointLength, out var point) || !TryDecode(auth, PushEncryption.AuthenticationSecretLength, out var secret))
            return false;
        if (!PushEncryption.TryReadPoint(point, out var key))
            return false;
        subscription = new PushSubscription(uri, key, point, secret);
        return true;
    }

    /// <summary>An address is a secret of its owner: it shows in no message and no log.</summary>
    public override string ToString() => "push subscription";

    private static bool TryRead(string json, out string endpoint, out string p256dh, out string auth)
    {
        (endpoint, p256dh, auth) = ("", "", "");
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 4 });
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object
                && TryGetText(root, "endpoint", out endpoint)
                && root.TryGetProperty("keys", out var keys) && keys.ValueKind == JsonValueKind.Object
                && TryGetText(keys, "p256dh", out p256dh)
                && TryGetText(keys, "auth", out auth);
        }
        catch (JsonException)
        {
            // The reader has no form that answers instead of throwing.
            return false;
        }
    }

    private static bool TryGetText(JsonElement element, string name, out string text)
    {
        text = "";
        if (!element.TryGetProperty(name, out var property) || property.ValueKind != JsonValueKind.String)
            return false;
        try
        {
            text = property.GetString()!;
            return true;
        }
        catch (InvalidOperationException)
        {
            // An escaped lone surrogate is valid JSON and no text.
            return false;
        }
    }

    private static bool TryDecode(string text, int length, out byte[] octets)
    {
        // Chromium and Firefox write no padding; older servers' exports do.
        var trimmed = text.TrimEnd('=');
        octets = [];
        if (!Base64Url.IsValid(trimmed, out var decoded) || decoded != length)
            return false;
        octets = Base64Url.DecodeFromChars(trimmed);
        return true;
    }
}
