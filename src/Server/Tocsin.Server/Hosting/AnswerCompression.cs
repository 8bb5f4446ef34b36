using System.IO.Compression;
using Microsoft.AspNetCore.ResponseCompression;
using Tocsin.Server.Access;
using Tocsin.Server.Features.Alerts.Dispatch;

namespace Tocsin.Server.Hosting;

/// <summary>Compresses what the server writes as it is asked: lists as JSON, and the answer page.</summary>
/// <remarks>
/// Compression tells, by the length of an answer, whether what somebody had put into it is like something else in it (BREACH). Whoever listens can use that only if they can make
/// the victim's browser ask, again and again, with words of their choice, for an answer that holds a secret. That is why an answer is compressed only
/// <list type="bullet">
/// <item>to a GET: what is created, and shown once, such as a token, a link or a card's codes, answers a POST and is never compressed;</item>
/// <item>if no session's cookie came with the request, or one of our own pages asked (<c>Sec-Fetch-Site: same-origin</c>, which no page can forge): another site's page, even on a
/// host beside ours, gets answers of the plain length. The answer page knows no cookie: whoever asks for it has its link, the only secret about it.</item>
/// </list>
/// Our pages hold no secret in JSON either: sessions are cookies that no script can read, and a changing request is known by its origin, not by a token in a page.
/// </remarks>
internal static class AnswerCompression
{
    public static void AddAnswerCompression(this IServiceCollection services)
    {
        services.AddResponseCompression(compression =>
        {
            compression.EnableForHttps = true;
            compression.MimeTypes = ["application/json", "application/problem+json", "text/html", "text/javascript"];
        });

        // While somebody waits: the last few percent cost more time than they save.
        services.Configure<BrotliCompressionProviderOptions>(brotli => brotli.Level = CompressionLevel.Fastest);
        services.Configure<GzipCompressionProviderOptions>(gzip => gzip.Level = CompressionLevel.Fastest);
    }

    public static void UseAnswerCompression(this WebApplication app) => app.UseWhen(IsSafe, branch => branch.UseResponseCompression());

    private static bool IsSafe(HttpContext context)
    {
        var request = context.Request;
        if (!HttpMethods.IsGet(request.Method)) return false;
        if (request.Path.StartsWithSegments(AnswerLinks.Path.TrimEnd('/'), StringComparison.Ordinal)) return true;
        if (!request.Path.StartsWithSegments("/api", StringComparison.Ordinal)) return false;
        return context.RequestServices.GetRequiredService<SessionCookie>().Read(request) is null || request.Headers["Sec-Fetch-Site"] is ["same-origin"];
    }
}
