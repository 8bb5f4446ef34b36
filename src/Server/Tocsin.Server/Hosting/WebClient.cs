using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;
using Microsoft.Net.Http.Headers;
using Tocsin.Server.Access;

namespace Tocsin.Server.Hosting;

/// <summary>Serves the built web client: hashed assets for a year, anything else never from a cache unasked, any path of the application as the page.</summary>
internal static class WebClient
{
    public const string Page = "/index.html";

    private static readonly FileExtensionContentTypeProvider Types = new();

    /// <summary>Before access rules apply: the client's own files are for everyone.</summary>
    public static void UseWebClientFiles(this WebApplication app, TocsinOptions options)
    {
        if (Files(options) is { } files) UseFiles(app, files);
    }

    public static void MapWebClient(this WebApplication app, TocsinOptions options)
    {
        if (Files(options) is not { } files) return;
        var page = ((IEndpointRouteBuilder)app).CreateApplicationBuilder();
        page.Use((context, next) =>
        {
            // Files are served where no endpoint was chosen; this one was, for want of any other.
            context.SetEndpoint(null);
            context.Request.Path = Page;
            return next(context);
        });
        UseFiles(page, files);
        app.Map(RoutePatternFactory.Parse("{*path:nonfile}", null, new { path = new PagePath() }), page.Build())
            .WithMetadata(new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Head]))
            .WithOrder(int.MaxValue)
            .AllowAnonymousBecause("the page itself holds no data: it signs in over the API");
    }

    public static void UseFiles(IApplicationBuilder app, IFileProvider files)
    {
        app.Use((context, next) =>
        {
            PrecompressedFile.Choose(context, files);
            return next(context);
        });
        app.UseStaticFiles(new StaticFileOptions { FileProvider = files, ContentTypeProvider = new PrecompressedFile.TypeProvider(Types), OnPrepareResponse = context => Describe(context.Context) });
    }

    /// <summary>The built web client; null where there is none.</summary>
    public static PhysicalFileProvider? Files(TocsinOptions options)
    {
        var root = Path.GetFullPath(options.WebRoot ?? Path.Combine(AppContext.BaseDirectory, "web"));
        return File.Exists(Path.Combine(root, "index.html")) ? new PhysicalFileProvider(root) : null;
    }

    private static void Describe(HttpContext context)
    {
        var headers = context.Response.Headers;
        var hashed = context.Request.Path.StartsWithSegments("/assets", StringComparison.Ordinal);
        headers[HeaderNames.CacheControl] = hashed ? "public, max-age=31536000, immutable" : "no-cache";
        PrecompressedFile.Describe(context);
    }

    /// <summary>What is below these is never a page: a wrong path there is "not found", not the application.</summary>
    private sealed class PagePath : IRouteConstraint
    {
        private static readonly PathString[] others = ["/api", "/hub", "/health", "/metrics", "/assets", "/public"];

        public bool Match(HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection) =>
            !others.Any(other => new PathString("/" + values[routeKey]).StartsWithSegments(other, StringComparison.OrdinalIgnoreCase));
    }
}
