using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Tocsin.Alerting;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.Alerts.Board;
using Tocsin.Storage.Alerts;

namespace Tocsin.Server.Features.AlertsApi.Board;

internal static class AlertEndpoints
{
    private const int MaximumPage = 100;

    /// <summary>The latest first.</summary>
    /// <param name="state">Only alerts in this state.</param>
    public static async Task<Results<Ok<AlertPage>, ProblemHttpResult>> ListAsync(AlertBoard alerts, string? state, string? after, int? limit, CancellationToken cancellationToken)
    {
        if (limit is < 1 or > MaximumPage) return CommonRefusals.InvalidInput.ToProblem($"limit is 1 to {MaximumPage}.");
        if (!WireWord.TryParse<AlertState>(state, out var wanted)) return CommonRefusals.InvalidInput.ToProblem("state is not one of the states.");
        if (!NumberCursor.TryParse(after, out var before)) return CommonRefusals.InvalidInput.ToProblem("after is not a cursor of this list.");
        var take = limit ?? 30;
        var found = await alerts.ListAsync(wanted, before, take + 1, cancellationToken);
        var next = found.Count > take ? found[take - 1].Alert.Number.ToString(CultureInfo.InvariantCulture) : null;
        return TypedResults.Ok(new AlertPage([.. found.Take(take).Select(AlertReading.Summarise)], next));
    }

    public static async Task<Results<Ok<AlertDetail>, ProblemHttpResult>> GetAsync(
        Guid id, AlertBoard alerts, AlertReading reading, HttpContext context, CancellationToken cancellationToken)
    {
        if (await alerts.FindAsync(new AlertId(id), cancellationToken) is not { } known) return CommonRefusals.NotFound.ToProblem();
        return TypedResults.Ok(await reading.DetailAsync(known, context.Actor(), cancellationToken));
    }
}
