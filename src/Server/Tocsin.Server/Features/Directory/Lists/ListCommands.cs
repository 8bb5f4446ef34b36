using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Server.Access;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Directory;

namespace Tocsin.Server.Features.Directory.Lists;

internal sealed record ListInput(string? Name, string? Description);

/// <summary>Adds, changes and removes lists and who is on them.</summary>
internal sealed class ListCommands(CommandStore store) : DirectoryEntries<PersonList, ListId, ListInput>(store, "list")
{
    public Task<CommandAnswer<Done>> ChangeMembersAsync(ListId id, MemberChange change, Actor actor, CancellationToken cancellationToken) =>
        ForEntryAsync<Done>(
            id,
            async (transaction, list, token) =>
            {
                var check = await change.CheckAsync(transaction.Db, token);
                if (check.Value is not { Add: { } add, Remove: { } remove }) return new CommandAnswer<Done>(null, check.Refusal, check.Fields);
                var members = transaction.Db.Set<ListMember>();
                var present = await members.Where(m => m.ListId == id && add.Contains(m.PersonId)).Select(m => m.PersonId).ToListAsync(token);
                members.AddRange(add.Except(present).Except(remove).Select(person => new ListMember { ListId = id, PersonId = person }));
                await members.Where(m => m.ListId == id && remove.Contains(m.PersonId)).ExecuteDeleteAsync(token);
                list.ChangedAt = transaction.Now;
                Announce(transaction, id, "members-changed", actor, new { added = add.Count, removed = remove.Count });
                return Done.Instance;
            },
            cancellationToken);

    protected override PersonList New(DateTimeOffset now) => new() { Id = new(Guid.CreateVersion7(now)), CreatedAt = now };

    protected override ListId IdOf(PersonList entry) => entry.Id;

    protected override async Task<CommandAnswer<PersonList>?> WriteAsync(CommandTransaction transaction, PersonList entry, ListInput input, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        entry.Name = DirectoryText.Required(input.Name, DirectoryBounds.Name, "name", errors);
        entry.NameKey = DirectoryNames.KeyOf(entry.Name, "name", errors);
        entry.Description = DirectoryText.Optional(input.Description, DirectoryBounds.Description, "description", errors);
        entry.ChangedAt = transaction.Now;
        if (errors.Any) return errors;
        var (id, key) = (entry.Id, entry.NameKey);
        return await transaction.Db.Set<PersonList>().AnyAsync(l => l.Id != id && l.NameKey == key, cancellationToken) ? (CommandAnswer<PersonList>?)DirectoryRefusals.NameTaken : null;
    }
}
