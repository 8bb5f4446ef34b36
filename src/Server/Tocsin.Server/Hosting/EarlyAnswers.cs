using System.Globalization;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.FileProviders;
using Tocsin.Server.Errors;

namespace Tocsin.Server.Hosting;

/// <summary>What a server that is being prepared answers: the files of the web client and its page, that it lives, and that it is not ready. All else waits.</summary>
internal sealed class EarlyAnswers : IEarlyAnswer
{
    /// <summary>A start takes a second; applying a migration to a large database takes longer than a browser should be kept without a word.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan askAgain = TimeSpan.FromSeconds(5);

    private readonly IHttpContextFactory contexts;
    private readonly TimeProvider time;
    private readonly PhysicalFileProvider? files;
    private readonly RequestDelegate answerFile;

    public EarlyAnswers(IServiceProvider services, TocsinOptions options)
    {
        contexts = services.GetRequiredService<IHttpContextFactory>();
        time = services.GetRequiredService<TimeProvider>();
        files = WebClient.Files(options);
        var pipeline = new ApplicationBuilder(services);
        pipeline.UseSecurityHeaders();
        pipeline.UseProblemPages();
        if (files is not null) WebClient.UseFiles(pipeline, files);
        answerFile = pipeline.Build();
    }

    public async Task<bool> TryAnswerAsync(IFeatureCollection request, Task prepared)
    {
        var context = contexts.Create(request);
        try
        {
            if (context.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal, out var question)) return await TellAsync(context.Response, question);
            if (TryChooseFile(context.Request))
            {
                await answerFile(context);
                return true;
            }

            return await RefuseLateAsync(context, prepared);
        }
        finally
        {
            contexts.Dispose(context);
        }
    }

    /// <summary>No more than is certain without the endpoints: a file that is there, and the page at the root. Other paths may be a page of the server's own.</summary>
    private bool TryChooseFile(HttpRequest request)
    {
        if (files is null || (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))) return false;
        if (request.Path == "/") request.Path = WebClient.Page;
        return files.GetFileInfo(request.Path.Value ?? "").Exists;
    }

    /// <summary>In the words of the health checks: see docs/operations/install.md.</summary>
    private static async Task<bool> TellAsync(HttpResponse response, PathString question)
    {
        var lives = question == "/live";
        response.StatusCode = lives ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        response.ContentType = "text/plain";
        response.Headers.CacheControl = "no-store, no-cache";
        await response.WriteAsync(lives ? "Healthy" : "Unhealthy");
        return true;
    }

    private async Task<bool> RefuseLateAsync(HttpContext context, Task prepared)
    {
        try
        {
            await prepared.WaitAsync(LongestWait, time, context.RequestAborted);
            return false;
        }
        catch (TimeoutException)
        {
            return await RefuseAsync(context);
        }
        catch (OperationCanceledException)
        {
            // Nobody listens any more. It may be the server that has ended: then what would write an answer is gone, too.
            return true;
        }
    }

    private static async Task<bool> RefuseAsync(HttpContext context)
    {
        context.Response.Headers.RetryAfter = askAgain.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        await CommonRefusals.Starting.ToProblem().ExecuteAsync(context);
        return true;
    }
}
