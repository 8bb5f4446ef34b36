namespace Tocsin.Server.Errors;

/// <summary>Gives a problem's body to what is refused before an endpoint runs: a body that cannot be read or is too large, a path that is not there.</summary>
internal static class ProblemPages
{
    private static readonly Refusal methodNotAllowed = new("method-not-allowed", 405, "This cannot be done here.");
    private static readonly Refusal unsupportedMediaType = new("unsupported-media-type", 415, "The request's body is not of a kind that is understood here: JSON is expected.");

    public static void UseProblemPages(this IApplicationBuilder app) => app.UseStatusCodePages(page =>
    {
        var response = page.HttpContext.Response;
        return RefusalFor(response.StatusCode) is { } refusal ? refusal.ToProblem().ExecuteAsync(page.HttpContext) : Task.CompletedTask;
    });

    private static Refusal? RefusalFor(int status) => status switch
    {
        400 => CommonRefusals.InvalidInput,
        404 => CommonRefusals.NotFound,
        405 => methodNotAllowed,
        413 => CommonRefusals.TooLarge,
        415 => unsupportedMediaType,
        429 => CommonRefusals.TooManyRequests,
        _ => null,
    };
}
