using Microsoft.AspNetCore.Http.HttpResults;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.Alerts.Board;
using Tocsin.Server.Features.Directory;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Features.Readiness;

/// <summary>Whether the organisation would be reached and led tonight: figures only, what they mean is said by the page that shows them.</summary>
internal static class ReadinessFeature
{
    private const Roles Readers = Roles.Administrator | Roles.CrisisDirector | Roles.Auditor;

    public static void AddReadiness(this IServiceCollection services)
    {
        services.AddSingleton<ReadinessReading>();
        services.AddSingleton<CostlyReading<(int Months, string Language), ReadinessFigures>>();
    }

    public static void MapReadiness(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/api/v1/readiness", ReadAsync).WithTags("readiness").RequireRole(Readers).WithName("readReadiness");

    /// <summary>With <c>months</c> (1 to 36, 12 where not given): how long a verified number or mail address is taken to be right.</summary>
    private static async Task<Results<Ok<ReadinessFigures>, ProblemHttpResult>> ReadAsync(
        int? months, HttpContext context, ReadinessReading reading, CostlyReading<(int Months, string Language), ReadinessFigures> costly, CancellationToken cancellationToken)
    {
        var wanted = months ?? Verifications.UsualMonths;
        if (wanted is < 1 or > Verifications.MostMonths) return CommonRefusals.InvalidInput.ToProblem(fields: FieldErrors.One("months", FieldCodes.OutOfRange).ByPath);
        var language = FunctionNames.LanguageOf(context);

        // What is read is for whoever asks at the same time: it does not end with the first of them.
        return TypedResults.Ok(await costly.GetAsync((wanted, language), () => reading.ReadAsync(wanted, language, CancellationToken.None), cancellationToken));
    }
}
