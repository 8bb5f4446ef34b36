using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Commands;

namespace Tocsin.Server.Features.Directory;

/// <summary>What is the same for every named entry of the directory, a group, a list, a crisis function or a site: it is added, changed and removed; readers are told, and it is recorded.</summary>
/// <param name="noun">What such an entry is called in events and in the audit trail, as in <c>group.added</c>.</param>
internal abstract class DirectoryEntries<TEntry, TId, TInput>(CommandStore store, string noun)
    where TEntry : class
    where TId : struct
{
    public Task<CommandAnswer<TEntry>> AddAsync(TInput input, Actor actor, CancellationToken cancellationToken) =>
        DirectoryCommand.RunAsync<TEntry>(
            store,
            async (transaction, token) =>
            {
                var entry = New(transaction.Now);
                if (await WriteAsync(transaction, entry, input, token) is { } refused) return refused;
                transaction.Db.Add(entry);
                Announce(transaction, IdOf(entry), "added", actor);
                return entry;
            },
            cancellationToken);

    public Task<CommandAnswer<TEntry>> ChangeAsync(TId id, TInput input, Actor actor, CancellationToken cancellationToken) =>
        ForEntryAsync<TEntry>(
            id,
            async (transaction, entry, token) =>
            {
                if (await WriteAsync(transaction, entry, input, token) is { } refused) return refused;
                Announce(transaction, id, "changed", actor);
                return entry;
            },
            cancellationToken);

    public Task<CommandAnswer<Done>> RemoveAsync(TId id, Actor actor, CancellationToken cancellationToken) =>
        ForEntryAsync<Done>(
            id,
            async (transaction, entry, token) =>
            {
                if (await WhyNeededAsync(transaction, id, token) is { } needed) return needed;
                transaction.Db.Remove(entry);
                Announce(transaction, id, "removed", actor);
                return Done.Instance;
            },
            cancellationToken);

    /// <summary>An entry with its id, and nothing said of it yet.</summary>
    protected abstract TEntry New(DateTimeOffset now);

    protected abstract TId IdOf(TEntry entry);

    /// <summary>Puts what was asked into the entry.</summary>
    /// <returns>Null, or why not: then nothing of it is kept.</returns>
    protected abstract Task<CommandAnswer<TEntry>?> WriteAsync(CommandTransaction transaction, TEntry entry, TInput input, CancellationToken cancellationToken);

    /// <summary>Why the entry can't be removed; null: it can.</summary>
    protected virtual Task<Refusal?> WhyNeededAsync(CommandTransaction transaction, TId id, CancellationToken cancellationToken) => Task.FromResult<Refusal?>(null);

    protected Task<CommandAnswer<T>> ForEntryAsync<T>(TId id, Func<CommandTransaction, TEntry, CancellationToken, Task<CommandAnswer<T>>> work, CancellationToken cancellationToken)
        where T : class =>
        DirectoryCommand.RunAsync<T>(
            store,
            async (transaction, token) => await transaction.Db.Set<TEntry>().FindAsync([id], token) is { } entry
                ? await work(transaction, entry, token)
                : CommonRefusals.NotFound,
            cancellationToken);

    /// <param name="done">What was done, as in <c>members-changed</c>.</param>
    /// <param name="detail">For the audit trail only.</param>
    protected void Announce(CommandTransaction transaction, TId id, string done, Actor actor, object? detail = null)
    {
        var action = $"{noun}.{done}";
        transaction.Append(action, DirectoryAccess.ToReaders, new Dictionary<string, TId>(StringComparer.Ordinal) { [noun] = id });
        transaction.Record(new AuditDraft(actor.ForAudit, action, $"{noun}:{id}", detail));
    }
}
