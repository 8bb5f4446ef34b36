namespace Tocsin.Alerting.Channels.WebPush;

/// <summary>How web push leaves. Checked by <see cref="FindErrors"/> at start; the channel's constructor throws on what that finds.</summary>
public sealed class WebPushChannelOptions
{
    /// <summary>As <see cref="VapidKey.GeneratePrivateKey"/> wrote it. Empty: the channel is not configured.</summary>
    public string VapidPrivateKey { get; set; } = "";

    /// <summary>A <c>mailto:</c> or <c>https:</c> address where a push service's operator can reach the administrator (RFC 8292 section 2.1).</summary>
    public string Subject { get; set; } = "";

    /// <summary>
    /// The push services that may be called, as origins (<c>https://updates.push.services.mozilla.com</c>). An endpoint comes from a browser, and so from
    /// whoever sits at it: without this list it could make the server call any host. Empty: none.
    /// </summary>
    public IList<string> AllowedPushOrigins { get; } = [];

    /// <summary>Lets allowed origins be <c>http</c> where they are this machine itself: for the carrier lab.</summary>
    public bool AllowLoopbackHttp { get; set; }

    /// <summary>Requests at once over all push services.</summary>
    public int MaximumInFlight { get; set; } = 64;

    /// <summary>A push service answers within a second; after this the outcome is unknown.</summary>
    public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>What is wrong, one sentence each, safe to show and log; nothing where all is well.</summary>
    public IEnumerable<string> FindErrors()
    {
        if (VapidPrivateKey.Length == 0)
            yield break;
        if (!VapidKey.TryParse(VapidPrivateKey, out var key))
            yield return "webPush: 'vapidPrivateKey' is not a P-256 private key in base64url";
        key?.Dispose();
        if (!Uri.TryCreate(Subject, UriKind.Absolute, out var subject) || (subject.Scheme != Uri.UriSchemeMailto && subject.Scheme != Uri.UriSchemeHttps))
            yield return "webPush: 'subject' is not a mailto: or https: address";
        if (MaximumInFlight < 1)
            yield return "webPush: 'maximumInFlight' is below 1";
        foreach (var origin in AllowedPushOrigins)
        {
            if (!IsOrigin(origin, out var uri))
                yield return $"webPush: '{origin}' is not an origin such as https://push.example";
            else if (uri.Scheme == Uri.UriSchemeHttp && !(AllowLoopbackHttp && uri.IsLoopback))
                yield return $"webPush: '{origin}' is not https";
        }
    }

    internal static bool IsOrigin(string text, out Uri uri) =>
        Uri.TryCreate(text, UriKind.Absolute, out uri!) && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
        && uri.UserInfo.Length == 0 && uri.PathAndQuery == "/" && uri.Fragment.Length == 0;
}
