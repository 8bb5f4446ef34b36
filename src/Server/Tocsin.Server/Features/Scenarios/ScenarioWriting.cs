using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Content;
using Tocsin.Alerting.Scenarios;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Storage;
using Tocsin.Storage.Alerts;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Events;

namespace Tocsin.Server.Features.Scenarios;

internal static class ScenarioWriting
{
    /// <summary>Whoever raises an alert chooses from a list: more than this is no preparation any more.</summary>
    public const int MostScenarios = 500;

    public static Task<Results<Ok<ScenarioSummary>, ProblemHttpResult>> CreateAsync(
        RuleBody<NewScenario> body, CommandStore store, HttpContext context, CancellationToken cancellationToken)
    {
        if (body.Refused is { } refused) return Answer(refused);
        if (Check(body.Value.Definition, body.Value.Key) is { } wrong) return Answer(wrong);
        return CommitAsync(
            store,
            async (transaction, token) =>
            {
                if (await transaction.Db.Set<Scenario>().CountAsync(token) >= MostScenarios) return (null, ScenarioRefusals.TooMany.ToProblem());
                var key = body.Value.Key ?? await ScenarioKeys.FreeAsync(transaction.Db, ScenarioKeys.From(body.Value.Definition.Name), token);
                if (await IsTakenAsync(transaction.Db, key, default, token)) return (null, KeyTaken());
                var scenario = Add(transaction, key, body.Value.Definition, body.Value.Enabled);
                Tell(transaction, scenario, context.Actor(), "scenario.created");
                return (scenario, null);
            },
            cancellationToken);
    }

    public static Task<Results<Ok<ScenarioSummary>, ProblemHttpResult>> ChangeAsync(
        Guid id, RuleBody<ScenarioChange> body, CommandStore store, HttpContext context, CancellationToken cancellationToken)
    {
        if (body.Refused is { } refused) return Answer(refused);
        if (Check(body.Value.Definition, body.Value.Key) is { } wrong) return Answer(wrong);
        return ChangeAsync(
            id,
            store,
            async (transaction, scenario, token) =>
            {
                if (scenario.Version != body.Value.Version) return ScenarioRefusals.Changed.ToProblem();
                if (body.Value.Key is { } key && await IsTakenAsync(transaction.Db, key, scenario.Id, token)) return KeyTaken();
                scenario.Key = body.Value.Key ?? scenario.Key;
                scenario.Enabled = body.Value.Enabled ?? scenario.Enabled;
                scenario.Definition = Write(body.Value.Definition);
                scenario.Version++;
                scenario.ChangedAt = transaction.Now;
                Tell(transaction, scenario, context.Actor(), "scenario.changed");
                return null;
            },
            cancellationToken);
    }

    public static Task<Results<Ok<ScenarioSummary>, ProblemHttpResult>> EnableAsync(Guid id, CommandStore store, HttpContext context, CancellationToken cancellationToken) =>
        SwitchAsync(id, true, store, context, cancellationToken);

    public static Task<Results<Ok<ScenarioSummary>, ProblemHttpResult>> DisableAsync(Guid id, CommandStore store, HttpContext context, CancellationToken cancellationToken) =>
        SwitchAsync(id, false, store, context, cancellationToken);

    /// <summary>The copy is switched off: nobody shall raise it half changed.</summary>
    public static Task<Results<Ok<ScenarioSummary>, ProblemHttpResult>> DuplicateAsync(Guid id, CommandStore store, HttpContext context, CancellationToken cancellationToken) =>
        CommitAsync(
            store,
            async (transaction, token) =>
            {
                var db = transaction.Db;
                var original = await db.Set<Scenario>().AsNoTracking().FirstOrDefaultAsync(s => s.Id == new ScenarioId(id), token);
                if (original is null) return (null, CommonRefusals.NotFound.ToProblem());
                if (await db.Set<Scenario>().CountAsync(token) >= MostScenarios) return (null, ScenarioRefusals.TooMany.ToProblem());
                var definition = ScenarioSummary.DefinitionOf(original);
                var copy = definition with { Name = new LocalizedText(CopyName(definition.Name.Fr, " (copie)"), CopyName(definition.Name.En, " (copy)")) };
                var scenario = Add(transaction, await ScenarioKeys.FreeAsync(db, original.Key, token), copy, enabled: false);
                Tell(transaction, scenario, context.Actor(), "scenario.created");
                return (scenario, null);
            },
            cancellationToken);

    /// <param name="place">Milliseconds after now that its id says: those written together keep their order in the list.</param>
    public static Scenario Add(CommandTransaction transaction, string key, ScenarioDefinition definition, bool enabled, int place = 0)
    {
        var scenario = new Scenario
        {
            Id = new ScenarioId(Guid.CreateVersion7(transaction.Now.AddMilliseconds(place))),
            Key = key,
            Definition = Write(definition),
            Enabled = enabled,
            CreatedAt = transaction.Now,
            ChangedAt = transaction.Now,
        };
        transaction.Db.Add(scenario);
        return scenario;
    }

    private static Task<Results<Ok<ScenarioSummary>, ProblemHttpResult>> SwitchAsync(
        Guid id, bool enabled, CommandStore store, HttpContext context, CancellationToken cancellationToken) =>
        ChangeAsync(
            id,
            store,
            (transaction, scenario, _) =>
            {
                if (scenario.Enabled != enabled)
                {
                    scenario.Enabled = enabled;
                    scenario.Version++;
                    scenario.ChangedAt = transaction.Now;
                    Tell(transaction, scenario, context.Actor(), enabled ? "scenario.enabled" : "scenario.disabled");
                }

                return Task.FromResult<ProblemHttpResult?>(null);
            },
            cancellationToken);

    private static Task<Results<Ok<ScenarioSummary>, ProblemHttpResult>> ChangeAsync(
        Guid id, CommandStore store, Func<CommandTransaction, Scenario, CancellationToken, Task<ProblemHttpResult?>> change, CancellationToken cancellationToken) =>
        CommitAsync(
            store,
            async (transaction, token) =>
            {
                var scenario = await transaction.Db.Set<Scenario>().FirstOrDefaultAsync(s => s.Id == new ScenarioId(id), token);
                if (scenario is null) return (null, CommonRefusals.NotFound.ToProblem());
                return await change(transaction, scenario, token) is { } refused ? (null, refused) : (scenario, null);
            },
            cancellationToken);

    private static Task<Results<Ok<ScenarioSummary>, ProblemHttpResult>> CommitAsync(
        CommandStore store, Func<CommandTransaction, CancellationToken, Task<(Scenario? Scenario, ProblemHttpResult? Refused)>> work, CancellationToken cancellationToken) =>
        store.CommitAsync<Results<Ok<ScenarioSummary>, ProblemHttpResult>>(
            async (transaction, token) =>
            {
                // Scenarios are changed one at a time, so that a version or a key that was free stays so until commit.
                await AlertNumbers.LockAsync(transaction.Db, token);
                var (scenario, refused) = await work(transaction, token);
                if (refused is not null) return refused;
                return TypedResults.Ok((await ScenarioReading.DescribeAsync(transaction.Db, [scenario!], token))[0]);
            },
            cancellationToken);

    private static ProblemHttpResult? Check(ScenarioDefinition definition, string? key)
    {
        var violations = ScenarioValidation.Validate(definition).Select(violation => violation with { Path = "definition." + violation.Path }).ToList();
        if (key is not null && !Key.IsValid(key)) violations.Add(new RuleViolation(RuleCodes.KeyInvalid, "key"));
        return violations.Count == 0 ? null : violations.ToProblem();
    }

    private static Task<bool> IsTakenAsync(TocsinDbContext db, string key, ScenarioId except, CancellationToken cancellationToken) =>
        db.Set<Scenario>().AnyAsync(s => s.Key == key && s.Id != except, cancellationToken);

    private static ProblemHttpResult KeyTaken() =>
        ScenarioRefusals.KeyTaken.ToProblem(fields: new Dictionary<string, string>(StringComparer.Ordinal) { ["key"] = FieldCodes.KeyTaken });

    private static void Tell(CommandTransaction transaction, Scenario scenario, Actor actor, string action)
    {
        transaction.Append("scenario.changed", EventVisibility.To(ScenariosFeature.Readers), new ScenarioChanged(scenario.Id, scenario.Version, scenario.Enabled));
        transaction.Record(new AuditDraft(actor.ForAudit, action, $"scenario:{scenario.Id}", new { scenario.Key, scenario.Version }));
    }

    private static string Write(ScenarioDefinition definition) => JsonSerializer.Serialize(definition, AlertingJson.Options);

    private static string? CopyName(string? name, string suffix)
    {
        if (name is null) return null;
        var room = ContentBounds.ScenarioName - suffix.Length;
        if (name.Length <= room) return name + suffix;
        return name[..(char.IsHighSurrogate(name[room - 1]) ? room - 1 : room)] + suffix;
    }

    private static Task<Results<Ok<ScenarioSummary>, ProblemHttpResult>> Answer(ProblemHttpResult problem) =>
        Task.FromResult<Results<Ok<ScenarioSummary>, ProblemHttpResult>>(problem);
}
