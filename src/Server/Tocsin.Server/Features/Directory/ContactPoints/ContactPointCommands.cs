using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Plans;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.Directory.ContactPoints.Codes;
using Tocsin.Server.Features.Directory.People;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Directory;

namespace Tocsin.Server.Features.Directory.ContactPoints;

/// <summary>Changes one person's contact points and wishes: by an administrator, or by the person.</summary>
internal sealed class ContactPointCommands(CommandStore store)
{
    public Task<CommandAnswer<StoredContactPoint>> AddAsync(PersonId person, ContactPointInput input, Actor actor, CancellationToken cancellationToken) =>
        RunAsync<StoredContactPoint>(
            person,
            actor,
            "contact-point.added",
            (points, transaction) =>
            {
                var errors = new FieldErrors();
                var fields = input.Read(errors);
                if (errors.Any) return errors;
                if (fields.Kind == ContactPointKind.App) return FieldErrors.One("kind", "kind-not-editable");
                if (points.Count >= DirectoryBounds.ContactPointsPerPerson) return DirectoryRefusals.ContactPointsTooMany;
                if (IsThere(points, fields, null)) return DirectoryRefusals.ContactPointTaken;
                var point = new StoredContactPoint
                {
                    Id = new(Guid.CreateVersion7(transaction.Now)),
                    PersonId = person,
                    Rank = points.Count == 0 ? 0 : points.Max(p => p.Rank) + 1,
                    CreatedAt = transaction.Now,
                };
                Write(point, fields, transaction.Now);
                transaction.Db.Add(point);
                return point;
            },
            cancellationToken);

    public Task<CommandAnswer<StoredContactPoint>> ChangeAsync(PersonId person, ContactPointId id, ContactPointInput input, Actor actor, CancellationToken cancellationToken) =>
        RunAsync<StoredContactPoint>(
            person,
            actor,
            "contact-point.changed",
            (points, transaction) =>
            {
                if (points.Find(p => p.Id == id) is not { } point) return CommonRefusals.NotFound;
                var errors = new FieldErrors();
                var fields = input.Read(errors);
                if (errors.Any) return errors;

                // A device stays a device, and nothing else becomes one.
                if ((fields.Kind == ContactPointKind.App) != (point.Kind == ContactPointKind.App)) return FieldErrors.One("kind", "kind-not-editable");
                if (IsThere(points, fields, id)) return DirectoryRefusals.ContactPointTaken;
                Write(point, fields, transaction.Now);
                return point;
            },
            cancellationToken);

    public Task<CommandAnswer<Done>> RemoveAsync(PersonId person, ContactPointId id, Actor actor, CancellationToken cancellationToken) =>
        RunAsync<Done>(
            person,
            actor,
            "contact-point.removed",
            (points, transaction) =>
            {
                if (points.Find(p => p.Id == id) is not { } point) return CommonRefusals.NotFound;
                transaction.Db.Remove(point);
                return Done.Instance;
            },
            cancellationToken);

    /// <summary>Puts them in order. All must be named: an order made on a stale list is refused.</summary>
    public Task<CommandAnswer<Done>> OrderAsync(PersonId person, ContactPointOrder order, Actor actor, CancellationToken cancellationToken) =>
        RunAsync<Done>(
            person,
            actor,
            "contact-points.ordered",
            (points, _) =>
            {
                var wanted = order.Ids ?? [];
                if (wanted.Count != points.Count || wanted.Distinct().Count() != points.Count || points.Exists(p => !wanted.Contains(p.Id))) return DirectoryRefusals.ChangedMeanwhile;
                for (var rank = 0; rank < wanted.Count; rank++) points.Find(p => p.Id == wanted[rank])!.Rank = rank;
                return Done.Instance;
            },
            cancellationToken);

    /// <summary>Somebody who knows says that it is still right: an administrator of any, its owner where no code can show it.</summary>
    public Task<CommandAnswer<StoredContactPoint>> ConfirmAsync(PersonId person, ContactPointId id, Actor actor, CancellationToken cancellationToken) =>
        RunAsync<StoredContactPoint>(
            person,
            actor,
            "contact-point.confirmed",
            (points, transaction) =>
            {
                if (points.Find(p => p.Id == id) is not { } point) return CommonRefusals.NotFound;
                if (!actor.Has(DirectoryAccess.Writers) && ContactPointCodes.ChannelOf(point.Kind) is not null) return ContactCodeRefusals.Needed;
                point.VerifiedAt = transaction.Now;
                return point;
            },
            cancellationToken);

    public Task<CommandAnswer<Done>> SetPreferencesAsync(PersonId person, ChannelPreferencesInput input, Actor actor, CancellationToken cancellationToken) =>
        DirectoryCommand.RunAsync<Done>(
            store,
            async (transaction, token) =>
            {
                if (!input.TryRead(out var preferences, out var errors)) return errors;
                if (await transaction.Db.Set<Person>().FirstOrDefaultAsync(p => p.Id == person, token) is not { } owner) return CommonRefusals.NotFound;
                var stored = await transaction.Db.Set<PersonPreferences>().FirstOrDefaultAsync(p => p.PersonId == person, token);
                if (stored is null) transaction.Db.Add(stored = new PersonPreferences { PersonId = person });
                stored.Channels = JsonSerializer.Serialize(preferences, AlertingJson.Options);
                owner.ChangedAt = transaction.Now;
                PersonEvents.Announce(transaction, person, PersonChange.PreferencesChanged);
                transaction.Record(new AuditDraft(actor.ForAudit, "preferences.changed", $"person:{person}"));
                return Done.Instance;
            },
            cancellationToken);

    private Task<CommandAnswer<T>> RunAsync<T>(
        PersonId person, Actor actor, string action, Func<List<StoredContactPoint>, CommandTransaction, CommandAnswer<T>> work, CancellationToken cancellationToken)
        where T : class =>
        DirectoryCommand.RunAsync<T>(
            store,
            async (transaction, token) =>
            {
                if (await transaction.Db.Set<Person>().FirstOrDefaultAsync(p => p.Id == person, token) is not { } owner) return CommonRefusals.NotFound;
                var points = await transaction.Db.Set<StoredContactPoint>().Where(p => p.PersonId == person).OrderBy(p => p.Rank).ToListAsync(token);
                var answer = work(points, transaction);
                if (answer.Refusal is not null) return answer;
                owner.ChangedAt = transaction.Now;
                PersonEvents.Announce(transaction, person, PersonChange.ContactPointsChanged);

                // Which person and that it happened; the address itself stays out of a trail that is exported.
                transaction.Record(new AuditDraft(actor.ForAudit, action, $"person:{person}"));
                return answer;
            },
            cancellationToken);

    private static bool IsThere(List<StoredContactPoint> points, ContactPointFields fields, ContactPointId? self) =>
        fields.Kind != ContactPointKind.App
        && points.Exists(p => p.Id != self && p.Kind == fields.Kind && string.Equals(p.Address, fields.Address, StringComparison.OrdinalIgnoreCase));

    private static void Write(StoredContactPoint point, ContactPointFields fields, DateTimeOffset now)
    {
        if (fields.Kind != ContactPointKind.App)
        {
            if (point.Address != fields.Address) (point.VerifiedAt, point.Address) = (null, fields.Address);
            point.Kind = fields.Kind;
        }

        (point.Label, point.QuietHours, point.Enabled, point.ChangedAt) = (fields.Label, fields.QuietHours, fields.Enabled, now);

        // What somebody typed here is theirs from now on: an import leaves it alone.
        point.Source = DirectorySource.Manual;
    }
}

/// <summary>Wishes as somebody states them; absent lists are empty.</summary>
internal sealed record ChannelPreferencesInput(IReadOnlyList<ChannelKind>? Order, IReadOnlyList<ChannelKind>? Declined)
{
    public bool TryRead(out ChannelPreferences preferences, out FieldErrors errors)
    {
        errors = new FieldErrors();
        preferences = new ChannelPreferences(Order ?? [], Declined ?? []);
        if (preferences.Order.Distinct().Count() != preferences.Order.Count) errors.Add("order", "twice");
        if (preferences.Declined.Distinct().Count() != preferences.Declined.Count) errors.Add("declined", "twice");
        if (preferences.Order.Any(preferences.Declined.Contains)) errors.Add("declined", "in-order-too");
        return !errors.Any;
    }
}
