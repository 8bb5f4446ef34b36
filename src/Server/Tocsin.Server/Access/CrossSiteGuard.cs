using Tocsin.Server.Errors;
using Tocsin.Server.Hosting;

namespace Tocsin.Server.Access;

/// <summary>Refuses what another site's page would have a signed-in browser do. A second lock behind the cookie's SameSite.</summary>
/// <remarks>
/// A browser says by <c>Sec-Fetch-Site</c> (Fetch Metadata, section 2.3), or by <c>Origin</c> where the connection is not a secure context, which page a request comes from;
/// pages cannot forge either. A request with the session cookie that changes something, or opens a WebSocket, must have come from our own pages.
/// API tokens are no concern: a browser never adds them by itself.
/// </remarks>
internal sealed class CrossSiteGuard(RequestDelegate next, ServerAddress address)
{
    public Task InvokeAsync(HttpContext context) =>
        IsGuarded(context) && !IsFromOurPages(context.Request) ? CommonRefusals.CrossSite.ToProblem().ExecuteAsync(context) : next(context);

    private static bool IsGuarded(HttpContext context) =>
        context.User.Identity?.AuthenticationType is AccessSchemes.Session or AccessSchemes.RoomGuest &&
        (!IsSafe(context.Request.Method) || context.Request.Headers.Upgrade.Count > 0) &&
        context.GetEndpoint()?.Metadata.GetMetadata<AccessRule>() is not { Reason: not null };

    private static bool IsSafe(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);

    private bool IsFromOurPages(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"];
        if (site.Count > 0) return site is ["same-origin"] or ["none"];
        return request.Headers.Origin is [{ } origin] && Uri.TryCreate(origin, UriKind.Absolute, out var page) && (IsSame(page, address.Public) || IsSame(page, Addressed(request)));
    }

    /// <summary>The server as the browser addressed it. The Host header can be forged by a client, not by a page in a browser.</summary>
    private static Uri? Addressed(HttpRequest request) => Uri.TryCreate($"{request.Scheme}://{request.Host}", UriKind.Absolute, out var uri) ? uri : null;

    private static bool IsSame(Uri page, Uri? ours) =>
        ours is not null && page.Scheme == ours.Scheme && page.Port == ours.Port && string.Equals(page.IdnHost, ours.IdnHost, StringComparison.OrdinalIgnoreCase);
}
