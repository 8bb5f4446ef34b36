using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Server.Access;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Directory;

namespace Tocsin.Server.Features.Directory.Groups;

internal sealed record GroupInput(string? Name, string? Description, string? ExternalId);

/// <summary>Adds, changes and removes groups, their members and what nests in them.</summary>
internal sealed class GroupCommands(CommandStore store) : DirectoryEntries<PersonGroup, GroupId, GroupInput>(store, "group")
{
    public Task<CommandAnswer<Done>> ChangeMembersAsync(GroupId id, MemberChange change, Actor actor, CancellationToken cancellationToken) =>
        ForEntryAsync<Done>(
            id,
            async (transaction, group, token) =>
            {
                var check = await change.CheckAsync(transaction.Db, token);
                if (check.Value is not { Add: { } add, Remove: { } remove }) return new CommandAnswer<Done>(null, check.Refusal, check.Fields);
                var members = transaction.Db.Set<GroupMember>();
                var present = await members.Where(m => m.GroupId == id && add.Contains(m.PersonId)).ToListAsync(token);
                members.AddRange(add.Except(present.Select(m => m.PersonId)).Except(remove).Select(person => new GroupMember { GroupId = id, PersonId = person, Source = DirectorySource.Manual }));

                // Who was brought by an import and is now put in by hand stays whatever the next import says.
                foreach (var member in present) member.Source = DirectorySource.Manual;
                await members.Where(m => m.GroupId == id && remove.Contains(m.PersonId)).ExecuteDeleteAsync(token);
                group.ChangedAt = transaction.Now;
                Announce(transaction, id, "members-changed", actor, new { added = add.Count, removed = remove.Count });
                return Done.Instance;
            },
            cancellationToken);

    /// <summary>States which groups are nested in this one.</summary>
    public Task<CommandAnswer<Done>> SetSubgroupsAsync(GroupId id, IReadOnlyList<GroupId> children, Actor actor, CancellationToken cancellationToken) =>
        ForEntryAsync<Done>(
            id,
            async (transaction, group, token) =>
            {
                GroupId[] wanted = [.. children.Distinct()];
                if (wanted.Length > DirectoryPages.Most) return FieldErrors.One("groups", DirectoryText.TooLong);
                var graph = await GroupGraph.ReadToChangeAsync(transaction.Db, token);
                if (await transaction.Db.Set<PersonGroup>().CountAsync(g => wanted.Contains(g.Id), token) != wanted.Length) return FieldErrors.One("groups", "unknown");
                if (wanted.Any(child => graph.WouldClose(id, child))) return DirectoryRefusals.GroupCircle;
                var before = graph.ChildrenOf(id).ToList();
                transaction.Db.RemoveRange(before.Except(wanted).Select(child => new GroupNesting { ParentId = id, ChildId = child }));
                transaction.Db.AddRange(wanted.Except(before).Select(child => new GroupNesting { ParentId = id, ChildId = child }));
                group.ChangedAt = transaction.Now;
                Announce(transaction, id, "changed", actor, new { subgroups = wanted.Length });
                return Done.Instance;
            },
            cancellationToken);

    protected override PersonGroup New(DateTimeOffset now) => new() { Id = new(Guid.CreateVersion7(now)), Source = DirectorySource.Manual, CreatedAt = now };

    protected override GroupId IdOf(PersonGroup entry) => entry.Id;

    protected override async Task<CommandAnswer<PersonGroup>?> WriteAsync(CommandTransaction transaction, PersonGroup entry, GroupInput input, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        entry.Name = DirectoryText.Required(input.Name, DirectoryBounds.Name, "name", errors);
        entry.NameKey = DirectoryNames.KeyOf(entry.Name, "name", errors);
        entry.Description = DirectoryText.Optional(input.Description, DirectoryBounds.Description, "description", errors);
        entry.ExternalId = DirectoryText.Optional(input.ExternalId, DirectoryBounds.ExternalId, "externalId", errors);
        entry.ChangedAt = transaction.Now;
        if (errors.Any) return errors;
        var (id, key, externalId) = (entry.Id, entry.NameKey, entry.ExternalId);
        if (await transaction.Db.Set<PersonGroup>().AnyAsync(g => g.Id != id && g.NameKey == key, cancellationToken)) return DirectoryRefusals.NameTaken;
        return externalId is not null && await transaction.Db.Set<PersonGroup>().AnyAsync(g => g.Id != id && g.ExternalId == externalId, cancellationToken)
            ? (CommandAnswer<PersonGroup>?)DirectoryRefusals.ExternalIdTaken
            : null;
    }
}
