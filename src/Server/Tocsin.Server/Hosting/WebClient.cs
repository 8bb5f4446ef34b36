using Microsoft.Extensions.FileProviders;
using Microsoft.Net.Http.Headers;
using Tocsin.Server.Access;

namespace Tocsin.Server.Hosting;

/// <summary>Serves the built web client: hashed assets for a year, the page itself never from a cache, any path of the application as the page.</summary>
internal static class WebClient
{
    public static void UseWebClient(this WebApplication app, TocsinOptions options)
    {
        var root = Path.GetFullPath(options.WebRoot ?? Path.Combine(AppContext.BaseDirectory, "web"));
        if (!File.Exists(Path.Combine(root, "index.html"))) return;
        var files = new PhysicalFileProvider(root);
        app.UseStaticFiles(new StaticFileOptions { FileProvider = files, OnPrepareResponse = context => SetCaching(context.Context) });
        app.MapFallback("{*path:nonfile}", context =>
            {
                context.Response.ContentType = "text/html; charset=utf-8";
                context.Response.Headers.CacheControl = "no-cache";
                return context.Response.SendFileAsync(files.GetFileInfo("index.html"));
            })
            .AllowAnonymousBecause("the page itself holds no data: it signs in over the API");
    }

    private static void SetCaching(HttpContext context)
    {
        var hashed = context.Request.Path.StartsWithSegments("/assets", StringComparison.Ordinal);
        context.Response.Headers[HeaderNames.CacheControl] = hashed ? "public, max-age=31536000, immutable" : "no-cache";
    }
}
