using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Directory;

namespace Tocsin.Server.Features.Directory.Groups;

internal sealed record GroupInput(string? Name, string? Description, string? ExternalId);

/// <summary>Adds, changes and removes groups, their members and what nests in them.</summary>
internal sealed class GroupCommands(CommandStore store)
{
    public Task<CommandAnswer<PersonGroup>> AddAsync(GroupInput input, Actor actor, CancellationToken cancellationToken) =>
        DirectoryCommand.RunAsync<PersonGroup>(
            store,
            async (transaction, token) =>
            {
                var group = new PersonGroup { Id = new(Guid.CreateVersion7(transaction.Now)), Source = DirectorySource.Manual, CreatedAt = transaction.Now };
                if (await WriteAsync(transaction, group, input, token) is { } refused) return refused;
                transaction.Db.Add(group);
                Announce(transaction, group.Id, "group.added", actor);
                return group;
            },
            cancellationToken);

    public Task<CommandAnswer<PersonGroup>> ChangeAsync(GroupId id, GroupInput input, Actor actor, CancellationToken cancellationToken) =>
        ForGroupAsync<PersonGroup>(
            id,
            async (transaction, group, token) =>
            {
                if (await WriteAsync(transaction, group, input, token) is { } refused) return refused;
                Announce(transaction, id, "group.changed", actor);
                return group;
            },
            cancellationToken);

    public Task<CommandAnswer<Done>> RemoveAsync(GroupId id, Actor actor, CancellationToken cancellationToken) =>
        ForGroupAsync<Done>(
            id,
            (transaction, group, _) =>
            {
                transaction.Db.Remove(group);
                Announce(transaction, id, "group.removed", actor);
                return Task.FromResult<CommandAnswer<Done>>(Done.Instance);
            },
            cancellationToken);

    public Task<CommandAnswer<Done>> ChangeMembersAsync(GroupId id, MemberChange change, Actor actor, CancellationToken cancellationToken) =>
        ForGroupAsync<Done>(
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
                Announce(transaction, id, "group.members-changed", actor, new { added = add.Count, removed = remove.Count });
                return Done.Instance;
            },
            cancellationToken);

    /// <summary>States which groups are nested in this one.</summary>
    public Task<CommandAnswer<Done>> SetSubgroupsAsync(GroupId id, IReadOnlyList<GroupId> children, Actor actor, CancellationToken cancellationToken) =>
        ForGroupAsync<Done>(
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
                Announce(transaction, id, "group.changed", actor, new { subgroups = wanted.Length });
                return Done.Instance;
            },
            cancellationToken);

    private Task<CommandAnswer<T>> ForGroupAsync<T>(GroupId id, Func<CommandTransaction, PersonGroup, CancellationToken, Task<CommandAnswer<T>>> work, CancellationToken cancellationToken)
        where T : class =>
        DirectoryCommand.RunAsync<T>(
            store,
            async (transaction, token) => await transaction.Db.Set<PersonGroup>().FirstOrDefaultAsync(g => g.Id == id, token) is { } group
                ? await work(transaction, group, token)
                : CommonRefusals.NotFound,
            cancellationToken);

    private static async Task<CommandAnswer<PersonGroup>?> WriteAsync(CommandTransaction transaction, PersonGroup group, GroupInput input, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        group.Name = DirectoryText.Required(input.Name, DirectoryBounds.Name, "name", errors);
        group.NameKey = DirectoryNames.KeyOf(group.Name, "name", errors);
        group.Description = DirectoryText.Optional(input.Description, DirectoryBounds.Description, "description", errors);
        group.ExternalId = DirectoryText.Optional(input.ExternalId, DirectoryBounds.ExternalId, "externalId", errors);
        group.ChangedAt = transaction.Now;
        if (errors.Any) return errors;
        var (id, key, externalId) = (group.Id, group.NameKey, group.ExternalId);
        if (await transaction.Db.Set<PersonGroup>().AnyAsync(g => g.Id != id && g.NameKey == key, cancellationToken)) return DirectoryRefusals.NameTaken;
        return externalId is not null && await transaction.Db.Set<PersonGroup>().AnyAsync(g => g.Id != id && g.ExternalId == externalId, cancellationToken)
            ? (CommandAnswer<PersonGroup>?)DirectoryRefusals.ExternalIdTaken
            : null;
    }

    private static void Announce(CommandTransaction transaction, GroupId id, string action, Actor actor, object? detail = null)
    {
        transaction.Append(action, DirectoryAccess.ToReaders, new { group = id });
        transaction.Record(new AuditDraft(actor.ForAudit, action, $"group:{id}", detail));
    }
}
