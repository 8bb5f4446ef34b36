using Tocsin.Server.Hosting;

namespace Tocsin.Server.Access;

/// <summary>The cookie that carries a session's token.</summary>
/// <remarks>
/// Over HTTPS it is <c>__Host-tocsin</c>: no other host, not even a subdomain of the organisation's, can set or read it (RFC 6265bis, section 4.1.3.2).
/// That prefix asks for Secure, so on plain HTTP it is <c>tocsin</c>. SameSite is Strict: our pages call the API themselves, so a person who follows a link
/// from a mail is signed in all the same, while a request that another site starts carries nothing.
/// </remarks>
internal sealed class SessionCookie(TocsinOptions options)
{
    private readonly bool isPublicHttps = options.PublicUrl?.StartsWith("https:", StringComparison.OrdinalIgnoreCase) ?? false;

    public string? Read(HttpRequest request) => request.Cookies[Name(request)];

    public void Write(HttpContext context, string token, DateTimeOffset expiresAt) =>
        context.Response.Cookies.Append(Name(context.Request), token, Attributes(context.Request, expiresAt));

    public void Delete(HttpContext context) => context.Response.Cookies.Delete(Name(context.Request), Attributes(context.Request, null));

    /// <summary>Behind a proxy that ends TLS and is not configured as trusted, the configured public address still says that people come over HTTPS.</summary>
    public bool IsSecure(HttpRequest request) => isPublicHttps || request.IsHttps;

    private string Name(HttpRequest request) => IsSecure(request) ? "__Host-tocsin" : "tocsin";

    private CookieOptions Attributes(HttpRequest request, DateTimeOffset? expiresAt) => new()
    {
        HttpOnly = true,
        Secure = IsSecure(request),
        SameSite = SameSiteMode.Strict,
        Path = "/",
        Expires = expiresAt,
        IsEssential = true,
    };
}
