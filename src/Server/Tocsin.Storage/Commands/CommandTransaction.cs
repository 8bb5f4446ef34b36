using System.Text.Json;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Events;

namespace Tocsin.Storage.Commands;

/// <summary>One command's unit of work: state, events and audit records, all or nothing.</summary>
/// <remarks>Obtained from <see cref="CommandStore.CommitAsync{T}"/>. Not thread-safe. The work may be run again after a deadlock, so it must have no effect outside <see cref="Db"/>.</remarks>
public sealed class CommandTransaction
{
    private readonly List<EventDraft> events = [];
    private readonly List<AuditDraft> audits = [];
    private readonly List<Action> afterCommit = [];

    internal CommandTransaction(TocsinDbContext db, DateTimeOffset now) => (Db, Now) = (db, now);

    /// <summary>The context of this transaction; its changes are saved at commit.</summary>
    public TocsinDbContext Db { get; }

    /// <summary>The command's time, in whole milliseconds: one value for all that it writes.</summary>
    public DateTimeOffset Now { get; }

    internal IReadOnlyList<EventDraft> Events => events;

    internal IReadOnlyList<AuditDraft> Audits => audits;

    /// <summary>Tells every interested session once this transaction is committed.</summary>
    public void Append<TData>(string kind, EventVisibility visibility, TData data) =>
        events.Add(new EventDraft(kind, visibility, JsonSerializer.Serialize(data, EventJson.Options)));

    /// <summary>The same news to several, each of whom sees one event: what it says is written once.</summary>
    public void Append<TData>(string kind, IEnumerable<EventVisibility> visibilities, TData data)
    {
        ArgumentNullException.ThrowIfNull(visibilities);
        var text = JsonSerializer.Serialize(data, EventJson.Options);
        foreach (var visibility in visibilities) events.Add(new EventDraft(kind, visibility, text));
    }

    /// <summary>Records who did it, in the same transaction.</summary>
    public void Record(AuditDraft draft) => audits.Add(draft);

    /// <summary>Runs after a successful commit, for wake-ups inside this process. Must not throw; lost in a crash, so nothing may depend on it.</summary>
    public void AfterCommit(Action action) => afterCommit.Add(action);

    internal void RunAfterCommit()
    {
        foreach (var action in afterCommit) action();
    }
}
