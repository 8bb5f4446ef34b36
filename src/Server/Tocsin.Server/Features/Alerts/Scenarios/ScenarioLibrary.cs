using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Scenarios;
using Tocsin.Storage;
using Tocsin.Storage.Alerts;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Features.Alerts.Scenarios;

/// <summary>The scenarios of the organisation: kept, changed, switched off.</summary>
internal sealed class ScenarioLibrary(CommandStore store, IDbContextFactory<TocsinDbContext> contexts)
{
    private const int LongestKey = 32;

    // An organisation has a few dozen; this bounds what one page and one backup hold.
    private const int MostScenarios = 1_000;

    private static readonly Storage.Events.EventVisibility readers =
        Storage.Events.EventVisibility.To(Roles.CrisisDirector | Roles.CrisisMember | Roles.Communicator | Roles.Auditor | Roles.Administrator);

    public async Task<IReadOnlyList<StoredScenario>> ListAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var scenarios = await db.Set<Scenario>().AsNoTracking().OrderBy(s => s.Key).Take(MostScenarios).ToListAsync(cancellationToken);
        return [.. scenarios.Select(StoredScenario.From)];
    }

    public async Task<StoredScenario?> FindAsync(ScenarioId id, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Set<Scenario>().AsNoTracking().FirstOrDefaultAsync(s => s.Id == id, cancellationToken) is { } scenario ? StoredScenario.From(scenario) : null;
    }

    public async Task<StoredScenario?> FindAsync(string key, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Set<Scenario>().AsNoTracking().FirstOrDefaultAsync(s => s.Key == key, cancellationToken) is { } scenario ? StoredScenario.From(scenario) : null;
    }

    /// <summary>Adds a scenario, or changes the one of this id.</summary>
    /// <param name="id">Null: a new one.</param>
    /// <param name="version">Which version the change is made to; whoever changes an older one is refused. Not looked at for a new one.</param>
    public async Task<SaveScenarioResult> SaveAsync(
        ScenarioId? id, string key, ScenarioDefinition definition, bool enabled, int version, AuditActor actor, CancellationToken cancellationToken)
    {
        var violations = ScenarioValidation.Validate(definition).ToList();
        if (!IsKey(key)) violations.Add(new RuleViolation(RuleCodes.KeyInvalid, "key"));
        if (violations.Count > 0) return new SaveScenarioResult.Refused(violations);
        return await store.CommitAsync<SaveScenarioResult>(
            async (transaction, token) =>
            {
                var scenarios = transaction.Db.Set<Scenario>();
                await AlertNumbers.LockAsync(transaction.Db, token);
                if (await scenarios.AnyAsync(s => s.Key == key && s.Id != id, token)) return new SaveScenarioResult.KeyTaken();
                var scenario = id is null ? null : await scenarios.FirstOrDefaultAsync(s => s.Id == id, token);
                if (id is not null && scenario is null) return new SaveScenarioResult.NotFound();
                if (scenario is not null && scenario.Version != version) return new SaveScenarioResult.Outdated(scenario.Version);
                if (scenario is null && await scenarios.CountAsync(token) >= MostScenarios) return new SaveScenarioResult.TooMany();
                scenario ??= transaction.Db.Add(new Scenario { Id = new ScenarioId(Guid.CreateVersion7(transaction.Now)), Version = 0, CreatedAt = transaction.Now }).Entity;
                (scenario.Key, scenario.Enabled, scenario.ChangedAt) = (key, enabled, transaction.Now);
                scenario.Version++;
                scenario.Definition = JsonSerializer.Serialize(definition, AlertingJson.Options);
                transaction.Append("scenario.changed", readers, new { scenarioId = scenario.Id, scenario.Key, scenario.Version });
                transaction.Record(new AuditDraft(actor, "scenario.changed", $"scenario:{scenario.Id}", new { scenario.Key, scenario.Version, scenario.Enabled }));
                return new SaveScenarioResult.Saved(scenario.Id, scenario.Version);
            },
            cancellationToken);
    }

    /// <returns>False where there is none.</returns>
    public Task<bool> RemoveAsync(ScenarioId id, AuditActor actor, CancellationToken cancellationToken) =>
        store.CommitAsync(
            async (transaction, token) =>
            {
                var scenario = await transaction.Db.Set<Scenario>().FirstOrDefaultAsync(s => s.Id == id, token);
                if (scenario is null) return false;
                transaction.Db.Remove(scenario);
                transaction.Append("scenario.removed", readers, new { scenarioId = id, scenario.Key });
                transaction.Record(new AuditDraft(actor, "scenario.removed", $"scenario:{id}", new { scenario.Key }));
                return true;
            },
            cancellationToken);

    private static bool IsKey(string key) =>
        key.Length is > 0 and <= LongestKey && key.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
}

/// <summary>A scenario with its definition read.</summary>
internal sealed record StoredScenario(ScenarioId Id, string Key, int Version, bool Enabled, ScenarioDefinition Definition, DateTimeOffset ChangedAt)
{
    public static StoredScenario From(Scenario scenario) => new(
        scenario.Id,
        scenario.Key,
        scenario.Version,
        scenario.Enabled,
        JsonSerializer.Deserialize<ScenarioDefinition>(scenario.Definition, AlertingJson.Options)!,
        scenario.ChangedAt);
}

internal abstract record SaveScenarioResult
{
    private SaveScenarioResult()
    {
    }

    public sealed record Saved(ScenarioId Id, int Version) : SaveScenarioResult;

    public sealed record Refused(IReadOnlyList<RuleViolation> Violations) : SaveScenarioResult;

    public sealed record KeyTaken : SaveScenarioResult;

    public sealed record NotFound : SaveScenarioResult;

    /// <summary>Somebody else changed it meanwhile.</summary>
    public sealed record Outdated(int Version) : SaveScenarioResult;

    public sealed record TooMany : SaveScenarioResult;
}
