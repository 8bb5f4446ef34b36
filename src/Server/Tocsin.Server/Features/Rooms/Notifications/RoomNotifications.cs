using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Server.Features.Alerts;
using Tocsin.Server.Features.Alerts.Dispatch;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Rooms;

namespace Tocsin.Server.Features.Rooms.Notifications;

/// <summary>Writes down, with an entry, that devices are to be told of it. Decision 0124.</summary>
internal sealed class RoomNotifications(AlertChannels channels)
{
    private readonly WakeUp wakeUp = new();

    /// <summary>Null where web push is not configured: then nothing is written down either.</summary>
    public IRoomNotifier? Notifier { get; } = channels[ChannelKind.WebPush] as IRoomNotifier;

    /// <summary>Completes when there is news from now on.</summary>
    public Task Next => wakeUp.Next;

    /// <summary>One row, however many members there are: an entry's own transaction stays short.</summary>
    public void Note(CommandTransaction transaction, RoomId room, long seq, PersonId author, RoomNotificationKind kind)
    {
        if (Notifier is null) return;
        transaction.Db.Add(new RoomNews { RoomId = room, Seq = seq, AuthorId = author, Kind = kind });
        transaction.AfterCommit(wakeUp.Pulse);
    }

    /// <summary>With the entry's own transaction: what is kept is what its latest entry says. One that cannot be kept, or is too many, keeps no entry from being written.</summary>
    public async Task RemindAsync(CommandTransaction transaction, RoomId room, EntryReminder reminder, CancellationToken cancellationToken)
    {
        if (reminder is { PersonId: { } person, At: { } at })
        {
            // As the database keeps times: the same time is known again.
            var whole = DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds());
            await RoomReminderLedger.SetAsync(transaction.Db, room, reminder.Id, person, whole, transaction.Now, cancellationToken);
        }
        else
        {
            await RoomReminderLedger.WithdrawAsync(transaction.Db, room, reminder.Id, cancellationToken);
        }

        transaction.AfterCommit(wakeUp.Pulse);
    }

    public void NoteAdded(CommandTransaction transaction, RoomId room, long seq, PersonId author, IEnumerable<PersonId> added)
    {
        if (Notifier is null) return;
        foreach (var person in added.Where(person => person != author))
            transaction.Db.Add(new RoomNews { RoomId = room, Seq = seq, AuthorId = author, Kind = RoomNotificationKind.Admission, OnlyId = person });
        transaction.AfterCommit(wakeUp.Pulse);
    }
}
