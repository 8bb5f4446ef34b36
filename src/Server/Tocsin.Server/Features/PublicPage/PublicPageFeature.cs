using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Server.Hosting;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Features.PublicPage;

/// <summary>The page, feed and CAP files for the public, made of what was approved for them.</summary>
internal static class PublicPageFeature
{
    public const Roles Editors = Roles.CrisisDirector | Roles.Communicator;
    public const Roles Watchers = Editors | Roles.Auditor;

    public static void AddPublicPage(this IServiceCollection services)
    {
        services.AddSingleton<PublicPagePublisher>();
        services.AddHostedService(provider => provider.GetRequiredService<PublicPagePublisher>());
    }

    public static void MapPublicPage(this IEndpointRouteBuilder endpoints, TocsinOptions options)
    {
        var page = endpoints.MapGroup("/api/v1/public-page").WithTags("public page");
        page.MapGet("/", PublicPageSettings.GetAsync).RequireRole(Watchers).WithName("getPublicPage");
        page.MapPut("/", PublicPageSettings.ChangeAsync).RequireRole(Editors).Accepts<PublicPageSettings>("application/json").WithName("changePublicPage");
        page.MapGet("/export.zip", ExportAsync).RequireRole(Watchers).WithName("exportPublicPage");
        if (!options.PublicPage.Serve) return;
        endpoints.MapMethods("/public/{**path}", [HttpMethods.Get, HttpMethods.Head], ServeAsync)
            .ExcludeFromDescription().AllowAnonymousBecause("what was published for the public; it holds nothing else");
    }

    private static async Task<FileContentHttpResult> ExportAsync(PublicPagePublisher publisher, CancellationToken cancellationToken) =>
        TypedResults.File((await publisher.RenderAsync(cancellationToken)).ToZip(), "application/zip", "public-page.zip");

    /// <summary>Looks nothing up but the names of the files that there are: no path leads anywhere else.</summary>
    private static async Task<Results<FileContentHttpResult, RedirectHttpResult, ProblemHttpResult>> ServeAsync(
        string? path, PublicPagePublisher publisher, HttpContext context, CancellationToken cancellationToken)
    {
        // Links on the page are relative to its directory.
        if (path is null && !context.Request.Path.Value!.EndsWith('/')) return TypedResults.Redirect("/public/");
        var name = string.IsNullOrEmpty(path) ? "index.html" : path;
        if (!(await publisher.CurrentAsync(cancellationToken)).Files.TryGetValue(name, out var bytes)) return CommonRefusals.NotFound.ToProblem();
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = $"{PublicPageHtml.ContentSecurityPolicy}; frame-ancestors 'none'";
        headers["Permissions-Policy"] = "camera=(), microphone=(), display-capture=(), geolocation=()";
        headers[HeaderNames.CacheControl] = "public, max-age=30";
        return TypedResults.File(bytes, PublicSite.TypeOf(name));
    }
}
