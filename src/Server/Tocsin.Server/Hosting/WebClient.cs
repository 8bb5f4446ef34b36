using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.FileProviders;
using Microsoft.Net.Http.Headers;
using Tocsin.Server.Access;

namespace Tocsin.Server.Hosting;

/// <summary>Serves the built web client: hashed assets for a year, the page itself never from a cache, any path of the application as the page.</summary>
internal static class WebClient
{
    /// <summary>Before access rules apply: the client's own files are for everyone.</summary>
    public static void UseWebClientFiles(this WebApplication app, TocsinOptions options)
    {
        if (Files(options) is not { } files) return;
        app.UseStaticFiles(new StaticFileOptions { FileProvider = files, OnPrepareResponse = context => SetCaching(context.Context) });
    }

    public static void MapWebClient(this WebApplication app, TocsinOptions options)
    {
        if (Files(options) is not { } files) return;
        app.Map(RoutePatternFactory.Parse("{*path:nonfile}", null, new { path = new PagePath() }), context =>
            {
                context.Response.ContentType = "text/html; charset=utf-8";
                context.Response.Headers.CacheControl = "no-cache";
                return context.Response.SendFileAsync(files.GetFileInfo("index.html"));
            })
            .WithMetadata(new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Head]))
            .WithOrder(int.MaxValue)
            .AllowAnonymousBecause("the page itself holds no data: it signs in over the API");
    }

    private static PhysicalFileProvider? Files(TocsinOptions options)
    {
        var root = Path.GetFullPath(options.WebRoot ?? Path.Combine(AppContext.BaseDirectory, "web"));
        return File.Exists(Path.Combine(root, "index.html")) ? new PhysicalFileProvider(root) : null;
    }

    /// <summary>What is below these is never a page: a wrong path there is "not found", not the application.</summary>
    private sealed class PagePath : IRouteConstraint
    {
        private static readonly PathString[] others = ["/api", "/hub", "/health", "/metrics", "/assets"];

        public bool Match(HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection) =>
            !others.Any(other => new PathString("/" + values[routeKey]).StartsWithSegments(other, StringComparison.OrdinalIgnoreCase));
    }

    private static void SetCaching(HttpContext context)
    {
        var hashed = context.Request.Path.StartsWithSegments("/assets", StringComparison.Ordinal);
        context.Response.Headers[HeaderNames.CacheControl] = hashed ? "public, max-age=31536000, immutable" : "no-cache";
    }
}
