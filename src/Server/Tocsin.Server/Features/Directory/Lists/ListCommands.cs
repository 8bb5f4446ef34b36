using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Directory;

namespace Tocsin.Server.Features.Directory.Lists;

internal sealed record ListInput(string? Name, string? Description);

/// <summary>Adds, changes and removes lists and who is on them.</summary>
internal sealed class ListCommands(CommandStore store)
{
    public Task<CommandAnswer<PersonList>> AddAsync(ListInput input, Actor actor, CancellationToken cancellationToken) =>
        DirectoryCommand.RunAsync<PersonList>(
            store,
            async (transaction, token) =>
            {
                var list = new PersonList { Id = new(Guid.CreateVersion7(transaction.Now)), CreatedAt = transaction.Now };
                if (await WriteAsync(transaction, list, input, token) is { } refused) return refused;
                transaction.Db.Add(list);
                Announce(transaction, list.Id, "list.added", actor);
                return list;
            },
            cancellationToken);

    public Task<CommandAnswer<PersonList>> ChangeAsync(ListId id, ListInput input, Actor actor, CancellationToken cancellationToken) =>
        ForListAsync<PersonList>(
            id,
            async (transaction, list, token) =>
            {
                if (await WriteAsync(transaction, list, input, token) is { } refused) return refused;
                Announce(transaction, id, "list.changed", actor);
                return list;
            },
            cancellationToken);

    public Task<CommandAnswer<Done>> RemoveAsync(ListId id, Actor actor, CancellationToken cancellationToken) =>
        ForListAsync<Done>(
            id,
            (transaction, list, _) =>
            {
                transaction.Db.Remove(list);
                Announce(transaction, id, "list.removed", actor);
                return Task.FromResult<CommandAnswer<Done>>(Done.Instance);
            },
            cancellationToken);

    public Task<CommandAnswer<Done>> ChangeMembersAsync(ListId id, MemberChange change, Actor actor, CancellationToken cancellationToken) =>
        ForListAsync<Done>(
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
                Announce(transaction, id, "list.members-changed", actor, new { added = add.Count, removed = remove.Count });
                return Done.Instance;
            },
            cancellationToken);

    private Task<CommandAnswer<T>> ForListAsync<T>(ListId id, Func<CommandTransaction, PersonList, CancellationToken, Task<CommandAnswer<T>>> work, CancellationToken cancellationToken)
        where T : class =>
        DirectoryCommand.RunAsync<T>(
            store,
            async (transaction, token) => await transaction.Db.Set<PersonList>().FirstOrDefaultAsync(l => l.Id == id, token) is { } list
                ? await work(transaction, list, token)
                : CommonRefusals.NotFound,
            cancellationToken);

    private static async Task<CommandAnswer<PersonList>?> WriteAsync(CommandTransaction transaction, PersonList list, ListInput input, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        list.Name = DirectoryText.Required(input.Name, DirectoryBounds.Name, "name", errors);
        list.NameKey = DirectoryNames.KeyOf(list.Name, "name", errors);
        list.Description = DirectoryText.Optional(input.Description, DirectoryBounds.Description, "description", errors);
        list.ChangedAt = transaction.Now;
        if (errors.Any) return errors;
        var (id, key) = (list.Id, list.NameKey);
        return await transaction.Db.Set<PersonList>().AnyAsync(l => l.Id != id && l.NameKey == key, cancellationToken) ? (CommandAnswer<PersonList>?)DirectoryRefusals.NameTaken : null;
    }

    private static void Announce(CommandTransaction transaction, ListId id, string action, Actor actor, object? detail = null)
    {
        transaction.Append(action, DirectoryAccess.ToReaders, new { list = id });
        transaction.Record(new AuditDraft(actor.ForAudit, action, $"list:{id}", detail));
    }
}
