using Tocsin.Server.Hosting;

namespace Tocsin.Server.Access;

/// <summary>A cookie that carries a token.</summary>
/// <remarks>
/// Over HTTPS its name begins with <c>__Host-</c>: no other host, not even a subdomain of the organisation's, can set or read it (RFC 6265bis, section 4.1.3.2).
/// That prefix asks for Secure, so on plain HTTP it is left out. SameSite is Strict: our pages call the API themselves, so a person who follows a link
/// from a mail is signed in all the same, while a request that another site starts carries nothing.
/// </remarks>
internal abstract class AccessCookie(TocsinOptions options, string name)
{
    private readonly bool isPublicHttps = options.PublicUrl?.StartsWith("https:", StringComparison.OrdinalIgnoreCase) ?? false;

    public string? Read(HttpRequest request) => request.Cookies[Name(request)];

    public void Write(HttpContext context, string token, DateTimeOffset expiresAt) =>
        context.Response.Cookies.Append(Name(context.Request), token, Attributes(context.Request, expiresAt));

    public void Delete(HttpContext context) => context.Response.Cookies.Delete(Name(context.Request), Attributes(context.Request, null));

    /// <summary>Behind a proxy that ends TLS and is not configured as trusted, the configured public address still says that people come over HTTPS.</summary>
    public bool IsSecure(HttpRequest request) => isPublicHttps || request.IsHttps;

    private string Name(HttpRequest request) => IsSecure(request) ? $"__Host-{name}" : name;

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
