using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.AlertsApi.Audiences;
using Tocsin.Storage;
using Tocsin.Storage.Alerts;

namespace Tocsin.Server.Features.Scenarios;

internal static class ScenarioReading
{
    /// <summary>A page may hold every scenario: they are few, and the page that raises an alert must not wait for a second request.</summary>
    private const int MaximumPage = ScenarioWriting.MostScenarios;

    public static async Task<Results<Ok<ScenarioPage>, ProblemHttpResult>> ListAsync(
        IDbContextFactory<TocsinDbContext> contexts, string? after, int? limit, bool? enabled, CancellationToken cancellationToken)
    {
        if (limit is < 1 or > MaximumPage) return CommonRefusals.InvalidInput.ToProblem($"limit is 1 to {MaximumPage}.");
        ScenarioId? from = null;
        if (after is not null)
        {
            if (!Guid.TryParse(after, out var cursor)) return CommonRefusals.InvalidInput.ToProblem("after is not a cursor of this list.");
            from = new ScenarioId(cursor);
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var all = await db.Set<Scenario>().AsNoTracking().Where(s => enabled == null || s.Enabled == enabled).OrderBy(s => s.Id).ToListAsync(cancellationToken);
        var take = limit ?? 100;
        var page = all.SkipWhile(s => from is { } id && s.Id.Value.CompareTo(id.Value) <= 0).Take(take + 1).ToList();
        var items = await DescribeAsync(db, [.. page.Take(take)], cancellationToken);
        return TypedResults.Ok(new ScenarioPage(items, page.Count > take ? page[take - 1].Id.ToString() : null));
    }

    public static async Task<Results<Ok<ScenarioSummary>, ProblemHttpResult>> GetAsync(
        IDbContextFactory<TocsinDbContext> contexts, Guid id, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var scenario = await db.Set<Scenario>().AsNoTracking().FirstOrDefaultAsync(s => s.Id == new ScenarioId(id), cancellationToken);
        if (scenario is null) return CommonRefusals.NotFound.ToProblem();
        return TypedResults.Ok((await DescribeAsync(db, [scenario], cancellationToken))[0]);
    }

    public static async Task<IReadOnlyList<ScenarioSummary>> DescribeAsync(TocsinDbContext db, IReadOnlyList<Scenario> scenarios, CancellationToken cancellationToken)
    {
        var definitions = scenarios.Select(ScenarioSummary.DefinitionOf).ToList();
        var names = await AudienceNames.ReadAsync(db, definitions.Select(definition => definition.Audience), cancellationToken);
        var raised = await db.Set<Alert>().AsNoTracking().Where(a => a.ScenarioId != null)
            .GroupBy(a => a.ScenarioId).Select(group => new { Scenario = group.Key, At = group.Max(a => a.RaisedAt) })
            .ToDictionaryAsync(group => group.Scenario!.Value, group => group.At, cancellationToken);
        return [.. scenarios.Zip(definitions, (scenario, definition) => new ScenarioSummary(
            scenario.Id,
            scenario.Key,
            scenario.Version,
            scenario.Enabled,
            definition,
            names.Terms(definition.Audience),
            raised.TryGetValue(scenario.Id, out var at) ? at : null,
            scenario.ChangedAt))];
    }
}
