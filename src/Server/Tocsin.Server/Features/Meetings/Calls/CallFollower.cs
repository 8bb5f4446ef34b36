using Microsoft.EntityFrameworkCore;
using Tocsin.Server.Features.Events;
using Tocsin.Server.Features.Meetings.Durable;
using Tocsin.Server.Features.Meetings.Signalling;
using Tocsin.Storage;
using Tocsin.Storage.Events;
using Tocsin.Storage.Meetings;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Features.Meetings.Calls;

/// <summary>
/// Has the calls of this node heed what was committed about their meetings, over HTTP or by another node: an end, doors, guest links that were revoked, members whom its room has no longer. It follows the numbered events and
/// reads what they are about.
/// </summary>
internal sealed partial class CallFollower(CallRegistry calls, EventTail tail, IDbContextFactory<TocsinDbContext> contexts, TimeProvider time, ILogger<CallFollower> logger) : BackgroundService
{
    private static readonly EventReader everything = new(Roles.All, default);

    // As the tail itself waits for a database that is away.
    private static readonly TimeSpan pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var through = tail.Head;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await foreach (var batch in tail.ReadAsync(everything, through, stoppingToken))
                {
                    foreach (var meeting in batch.Events.Where(happened => happened.Kind is MeetingRecord.Changed or MeetingRecord.Ended).Select(MeetingOf).Distinct())
                    {
                        if (calls.Find(meeting) is { } call) await FollowAsync(call, stoppingToken);
                    }

                    // Only now: what failed is read again.
                    through = batch.Through;
                }
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                NotFollowed(logger, exception.GetType().Name);
                await Task.Delay(pause, time, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private static MeetingId MeetingOf(SessionEvent happened) => new(happened.Data.GetProperty("meetingId").GetGuid());

    /// <summary>Beside this node's own changes, never during one: what is read is then not older than what the call was told.</summary>
    private async Task FollowAsync(Call call, CancellationToken cancellationToken)
    {
        using var durable = await call.EnterDurableAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var meeting = await db.Set<Meeting>().AsNoTracking().FirstOrDefaultAsync(candidate => candidate.Id == call.Id, cancellationToken);
        var revoked = await db.Set<GuestLink>().Where(link => link.MeetingId == call.Id && link.RevokedAt != null).Select(link => link.Id).ToListAsync(cancellationToken);
        var inRoom = meeting?.RoomId is null ? null : await MeetingRights.PeopleOfRoomCall(db, meeting.Id).ToListAsync(cancellationToken);
        using (await call.EnterAsync(cancellationToken))
        {
            if (call.IsOver) return;
            if (meeting is null or { EndedAt: not null })
            {
                calls.End(call);
                return;
            }

            call.ChangeDoors(meeting.IsLocked, meeting.HasWaitingRoom);
            foreach (var guest in call.Participants.Concat(call.WhoWait).Where(attendee => attendee.Visitor.Link is { } link && revoked.Contains(link)).ToList())
                call.Remove(guest, LeaveReason.Removed, DepartureReason.Removed);
            foreach (var former in call.Participants.Concat(call.WhoWait).Where(attendee => inRoom is not null && attendee.Visitor.Person is { } person && !inRoom.Contains(person)).ToList())
                call.Remove(former, LeaveReason.Removed, DepartureReason.Removed);
            calls.EndIfEmpty(call);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The calls could not be told of what was changed about their meetings ({Kind}); trying again")]
    private static partial void NotFollowed(ILogger logger, string kind);
}
