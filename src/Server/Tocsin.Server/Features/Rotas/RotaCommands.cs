using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Rotas;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.Directory;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Directory;
using Tocsin.Storage.Events;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Features.Rotas;

/// <summary>Adds, changes and removes rotas; swaps turns and hands duty over.</summary>
internal sealed class RotaCommands(CommandStore store)
{
    private const Roles Planners = Roles.Administrator | Roles.CrisisDirector;

    // Past changes say who was on duty then; the audit trail keeps that for ever, the rota itself for this long.
    private static readonly TimeSpan KeptAfterEnd = Rota.LongestSchedule;

    public Task<CommandAnswer<StoredRota>> AddAsync(RotaInput input, Actor actor, CancellationToken cancellationToken) =>
        DirectoryCommand.RunAsync<StoredRota>(
            store,
            async (transaction, token) =>
            {
                var stored = new StoredRota { Id = new(Guid.CreateVersion7(transaction.Now)), CreatedAt = transaction.Now };
                var errors = new FieldErrors();
                if (input.Read(stored.Id, errors) is not { } rota) return Invalid<StoredRota>(errors);
                if (await WriteAsync(transaction, stored, rota, token) is { } refused) return refused;
                transaction.Db.Add(stored);
                Announce(transaction, stored.Id, "rota.added", actor);
                return stored;
            },
            cancellationToken);

    /// <param name="version">Which version the caller saw.</param>
    public Task<CommandAnswer<StoredRota>> ChangeAsync(RotaId id, int version, RotaInput input, Actor actor, CancellationToken cancellationToken) =>
        ForRotaAsync<StoredRota>(
            id,
            version,
            async (transaction, stored, _, token) =>
            {
                var errors = new FieldErrors();
                if (input.Read(id, errors) is not { } rota) return Invalid<StoredRota>(errors);
                if (await WriteAsync(transaction, stored, rota, token) is { } refused) return refused;
                Announce(transaction, id, "rota.changed", actor);
                return stored;
            },
            cancellationToken);

    public Task<CommandAnswer<StoredRota>> RemoveAsync(RotaId id, int version, Actor actor, CancellationToken cancellationToken) =>
        ForRotaAsync<StoredRota>(
            id,
            version,
            (transaction, stored, _, _) =>
            {
                transaction.Db.Remove(stored);
                Announce(transaction, id, "rota.removed", actor);
                return Task.FromResult<CommandAnswer<StoredRota>>(stored);
            },
            cancellationToken);

    /// <summary>Puts somebody in somebody's place, or in addition.</summary>
    public Task<CommandAnswer<StoredRota>> OverrideAsync(RotaId id, int? version, RotaOverride change, Actor actor, CancellationToken cancellationToken) =>
        AddChangesAsync(id, version, actor, "rota.overridden", (_, _) => MayReplace(actor, change.Replaces) ? new Changes([change]) : RotaRefusals.OnlyOwnDuty, cancellationToken);

    public Task<CommandAnswer<StoredRota>> SwapAsync(RotaId id, int? version, SwapInput swap, Actor actor, CancellationToken cancellationToken) =>
        AddChangesAsync(
            id,
            version,
            actor,
            "rota.swapped",
            (_, _) =>
            {
                if (swap is not { From: { } from, Until: { } until, First: { } first, Second: { } second }) return FieldErrors.One("first", DirectoryText.Missing);
                if (first == second) return FieldErrors.One("second", "twice");
                if (!MayReplace(actor, first) && !MayReplace(actor, second)) return RotaRefusals.OnlyOwnDuty;
                return new Changes(
                [
                    new RotaOverride { From = from, Until = until, Replaces = first, Person = second },
                    new RotaOverride { From = from, Until = until, Replaces = second, Person = first },
                ]);
            },
            cancellationToken);

    /// <summary>From now until the duty would have ended, somebody else has it.</summary>
    public Task<CommandAnswer<StoredRota>> HandOverAsync(RotaId id, int? version, HandOverInput input, Actor actor, CancellationToken cancellationToken) =>
        AddChangesAsync(
            id,
            version,
            actor,
            "rota.handed-over",
            (rota, now) =>
            {
                if (input.To is not { } to) return FieldErrors.One("to", DirectoryText.Missing);
                if ((input.From ?? actor.Person) is not { } from) return FieldErrors.One("from", DirectoryText.Missing);
                if (!MayReplace(actor, from)) return RotaRefusals.OnlyOwnDuty;
                var running = rota.Schedule(now, now + RotaViews.LookAhead).Assignments.Where(duty => duty.From <= now && duty.Person == from).ToList();
                return running.Count == 0 ? RotaRefusals.NotOnDuty : new Changes([.. running.Select(duty => HandedOver(duty, now, to))], EndingNow: from);
            },
            cancellationToken);

    public Task<CommandAnswer<StoredRota>> RemoveOverrideAsync(RotaId id, int version, int index, Actor actor, CancellationToken cancellationToken) =>
        ForRotaAsync<StoredRota>(
            id,
            version,
            async (transaction, stored, rota, token) =>
            {
                if (index < 0 || index >= rota.Overrides.Count) return CommonRefusals.NotFound;
                if (await WriteAsync(transaction, stored, rota with { Overrides = [.. rota.Overrides.Where((_, i) => i != index)] }, token) is { } refused) return refused;
                Announce(transaction, id, "rota.override-removed", actor, rota.Overrides[index]);
                return stored;
            },
            cancellationToken);

    private static bool MayReplace(Actor actor, PersonId? replaced) => actor.Has(Planners) || (replaced is not null && replaced == actor.Person);

    /// <summary>A turn is replaced by whoever the pattern names, not by who stands there already; an addition is followed by another addition.</summary>
    private static RotaOverride HandedOver(DutyAssignment duty, DateTimeOffset now, PersonId to) =>
        duty.ShiftKey is null
            ? new RotaOverride { From = now, Until = duty.Until, Person = to }
            : new RotaOverride { From = now, Until = duty.Until, Replaces = duty.Replaces ?? duty.Person, Person = to };

    private Task<CommandAnswer<StoredRota>> AddChangesAsync(
        RotaId id, int? version, Actor actor, string action, Func<Rota, DateTimeOffset, CommandAnswer<Changes>> decide, CancellationToken cancellationToken) =>
        ForRotaAsync<StoredRota>(
            id,
            version,
            async (transaction, stored, rota, token) =>
            {
                var decided = decide(rota, transaction.Now);
                if (decided.Value is not { } changes) return new CommandAnswer<StoredRota>(null, decided.Refusal, decided.Fields);
                var kept = rota.Overrides.Where(change => change.Until > transaction.Now - KeptAfterEnd).Select(change => changes.EndAddition(change, transaction.Now));
                var changed = rota with { Overrides = [.. kept, .. changes.Added] };
                var violations = RotaValidation.Validate(changed);
                if (violations.Any(violation => violation.Code == "overrides-too-many")) return RotaRefusals.OverridesTooMany;
                if (violations.Count > 0) return Invalid<StoredRota>(FieldErrors.One(violations[0].Path[(violations[0].Path.LastIndexOf('.') + 1)..], violations[0].Code));
                if (await WriteAsync(transaction, stored, changed, token) is { } refused) return refused;
                Announce(transaction, id, action, actor, changes.Added);
                return stored;
            },
            cancellationToken);

    private Task<CommandAnswer<T>> ForRotaAsync<T>(
        RotaId id, int? version, Func<CommandTransaction, StoredRota, Rota, CancellationToken, Task<CommandAnswer<T>>> work, CancellationToken cancellationToken)
        where T : class =>
        DirectoryCommand.RunAsync<T>(
            store,
            async (transaction, token) =>
            {
                if (await transaction.Db.Set<StoredRota>().FirstOrDefaultAsync(r => r.Id == id, token) is not { } stored) return CommonRefusals.NotFound;
                if (version is { } seen && seen != stored.Version) return RotaRefusals.VersionStale;
                return await work(transaction, stored, StoredRotas.Read(stored), token);
            },
            cancellationToken);

    private static async Task<CommandAnswer<StoredRota>?> WriteAsync(CommandTransaction transaction, StoredRota stored, Rota rota, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        var key = DirectoryNames.KeyOf(rota.Name, "name", errors);
        if (errors.Any) return Invalid<StoredRota>(errors);
        var people = StoredRotas.PeopleOf(rota).ToList();
        if (await transaction.Db.Set<Person>().CountAsync(person => people.Contains(person.Id), cancellationToken) != people.Count) return Invalid<StoredRota>(FieldErrors.One("people", "unknown"));
        var id = stored.Id;
        if (await transaction.Db.Set<StoredRota>().AnyAsync(r => r.Id != id && r.NameKey == key, cancellationToken)) return DirectoryRefusals.NameTaken;
        var isNew = stored.Definition.Length == 0;
        (stored.Name, stored.NameKey, stored.Definition, stored.ChangedAt) = (rota.Name, key, StoredRotas.Write(rota), transaction.Now);
        if (!isNew) stored.Version++;
        return null;
    }

    private static CommandAnswer<T> Invalid<T>(FieldErrors errors)
        where T : class => new(null, RotaRefusals.Invalid, errors);

    private static void Announce(CommandTransaction transaction, RotaId id, string action, Actor actor, object? detail = null)
    {
        // Only that it changed: everyone may know who is on duty, and asks for what they may see of it.
        transaction.Append("rota.changed", EventVisibility.To(Roles.All), new { rota = id });
        transaction.Record(new AuditDraft(actor.ForAudit, action, $"rota:{id}", detail));
    }

    /// <param name="EndingNow">Whose additional duty ends now because somebody else has it, or null.</param>
    private sealed record Changes(IReadOnlyList<RotaOverride> Added, PersonId? EndingNow = null)
    {
        public RotaOverride EndAddition(RotaOverride change, DateTimeOffset now) =>
            EndingNow is not null && change.Replaces is null && change.Person == EndingNow && change.From < now && change.Until > now ? change with { Until = now } : change;
    }
}
