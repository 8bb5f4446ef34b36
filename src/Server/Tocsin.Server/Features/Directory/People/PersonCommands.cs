using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Directory;

namespace Tocsin.Server.Features.Directory.People;

/// <summary>Adds, changes, takes out and brings back people.</summary>
internal sealed class PersonCommands(CommandStore store)
{
    public Task<CommandAnswer<Person>> AddAsync(PersonInput input, Actor actor, CancellationToken cancellationToken) =>
        DirectoryCommand.RunAsync<Person>(
            store,
            async (transaction, token) =>
            {
                var errors = new FieldErrors();
                var fields = input.Read(errors);
                if (errors.Any) return errors;
                if (await RefusalOfAsync(transaction, fields, null, token) is { } refused) return refused;
                var person = new Person { Id = new(Guid.CreateVersion7(transaction.Now)), Source = DirectorySource.Manual, CreatedAt = transaction.Now, ChangedAt = transaction.Now };
                fields.ApplyTo(person);
                PersonWords.Refold(transaction.Db, person, before: "");
                transaction.Db.Add(person);
                PersonEvents.Announce(transaction, person.Id, PersonChange.Added);
                transaction.Record(new AuditDraft(actor.ForAudit, "person.added", $"person:{person.Id}"));
                return person;
            },
            cancellationToken);

    public Task<CommandAnswer<Person>> ChangeAsync(PersonId id, PersonInput input, Actor actor, CancellationToken cancellationToken) =>
        DirectoryCommand.RunAsync<Person>(
            store,
            async (transaction, token) =>
            {
                var errors = new FieldErrors();
                var fields = input.Read(errors);
                if (errors.Any) return errors;
                if (await transaction.Db.Set<Person>().FirstOrDefaultAsync(p => p.Id == id, token) is not { } person) return CommonRefusals.NotFound;
                if (await RefusalOfAsync(transaction, fields, id, token) is { } refused) return refused;
                var before = person.SearchText;
                var changed = fields.ApplyTo(person);
                if (changed.Count == 0) return person;
                PersonWords.Refold(transaction.Db, person, before);
                person.ChangedAt = transaction.Now;
                PersonEvents.Announce(transaction, id, PersonChange.Changed);
                transaction.Record(new AuditDraft(actor.ForAudit, "person.changed", $"person:{id}", new { fields = changed }));
                return person;
            },
            cancellationToken);

    /// <summary>Takes somebody out of every audience, or brings them back with all their memberships.</summary>
    public Task<CommandAnswer<Person>> SetActiveAsync(PersonId id, bool active, Actor actor, CancellationToken cancellationToken) =>
        DirectoryCommand.RunAsync<Person>(
            store,
            async (transaction, token) =>
            {
                if (await transaction.Db.Set<Person>().FirstOrDefaultAsync(p => p.Id == id, token) is not { } person) return CommonRefusals.NotFound;
                if (person.Active == active) return person;

                // Who can still sign in is not gone: the account comes first, with its own safeguards for the last administrator.
                if (!active && await transaction.Db.Users.AnyAsync(account => account.PersonId == id && account.DisabledAt == null, token)) return DirectoryRefusals.PersonCanSignIn;
                person.Active = active;
                person.ChangedAt = transaction.Now;
                PersonEvents.Announce(transaction, id, active ? PersonChange.Reactivated : PersonChange.Deactivated);
                transaction.Record(new AuditDraft(actor.ForAudit, active ? "person.reactivated" : "person.deactivated", $"person:{id}"));
                return person;
            },
            cancellationToken);

    private static async Task<CommandAnswer<Person>?> RefusalOfAsync(CommandTransaction transaction, PersonFields fields, PersonId? self, CancellationToken cancellationToken)
    {
        if (fields.SiteId is { } site && !await transaction.Db.Set<Site>().AnyAsync(s => s.Id == site, cancellationToken)) return FieldErrors.One("siteId", "unknown");
        var owner = fields.ExternalId is null ? null : await transaction.Db.Set<Person>().Where(p => p.ExternalId == fields.ExternalId).Select(p => (PersonId?)p.Id).FirstOrDefaultAsync(cancellationToken);
        return owner is null || owner == self ? null : (CommandAnswer<Person>?)DirectoryRefusals.ExternalIdTaken;
    }
}
