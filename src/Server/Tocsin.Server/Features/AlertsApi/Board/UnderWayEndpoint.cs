using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting.Content;
using Tocsin.Storage;
using Tocsin.Storage.Alerts;

namespace Tocsin.Server.Features.AlertsApi.Board;

/// <summary>Whether alerts run now, real ones or exercises: for the band that tops every page while an exercise does.</summary>
internal static class UnderWayEndpoint
{
    public static async Task<Ok<AlertsUnderWay>> GetAsync(IDbContextFactory<TocsinDbContext> contexts, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var modes = await db.Set<Alert>().Where(alert => alert.State == AlertState.Active).Select(alert => alert.Mode).Distinct().ToListAsync(cancellationToken);
        return TypedResults.Ok(new AlertsUnderWay(modes.Contains(AlertMode.Exercise), modes.Contains(AlertMode.Real)));
    }
}

internal sealed record AlertsUnderWay(bool Exercise, bool Real);
