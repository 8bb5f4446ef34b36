using System.Net;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Rooms;
using Tocsin.Storage.Model;
using Tocsin.Storage.Rooms;
using Tocsin.Testing;

namespace Tocsin.Server.Tests.Rooms;

/// <summary>Decision 0146, on both databases: who is reminded of a task, when, and that nobody is of what is done.</summary>
public abstract class RoomReminderSpecification(bool onPostgres) : RoomOfTwo(onPostgres)
{
    private static readonly Guid task = new("11111111-2222-3333-4444-555555555555");

    [Fact]
    public async Task Whose_task_it_is_they_are_told_at_its_time_and_twice_again_on_devices_and_open_pages()
    {
        await AddDeviceAsync(memberId, "phone");
        await AddDeviceAsync(creatorId, "own");
        await BeginAsync();
        var at = time.GetUtcNow() + TimeSpan.FromMinutes(10);
        await WriteAsync(null, reminder: Reminder(memberId, at));
        step = TimeSpan.FromSeconds(30);
        await UntilAsync(() => Task.FromResult(notifier.Told.Count == RoomReminderLedger.MostTold));
        await SettleAsync();
        Assert.All(notifier.Told, one => Assert.Equal(("phone", RoomId, 0L, RoomNotificationKind.Task), (one.Notification.Address, one.Notification.Room.Value, one.Notification.Seq, one.Notification.Kind)));
        Assert.True(notifier.Told[0].At >= at, "Nobody is told before.");
        foreach (var (one, next) in notifier.Told.Zip(notifier.Told.Skip(1))) Assert.True(next.At - one.At >= RoomReminderLedger.Again);
        var events = await EventsAsync();
        Assert.All(events, one => Assert.Equal((memberId.Value, Roles.None), (one.VisibleToPerson, one.VisibleTo)));
        Assert.Equal([1, 2, 3], events.Select(one => JsonNode.Parse(one.Data)!["told"]!.GetValue<int>()));
        Assert.All(events, one => Assert.Equal(RoomId, JsonNode.Parse(one.Data)!["roomId"]!.GetValue<Guid>()));
        time.Advance(RoomReminderLedger.Past + TimeSpan.FromMinutes(1));
        await UntilAsync(async () => !await AnyKeptAsync());
        Assert.Equal(RoomReminderLedger.MostTold, notifier.Told.Count);
    }

    [Fact]
    public async Task What_is_done_given_to_somebody_else_or_due_later_is_reminded_of_as_it_is_now()
    {
        await AddDeviceAsync(memberId, "phone");
        await AddDeviceAsync(creatorId, "own");
        await BeginAsync();
        var at = time.GetUtcNow() + TimeSpan.FromMinutes(2);
        await WriteAsync(null, reminder: Reminder(memberId, at));
        await WriteAsync(null, reminder: Reminder(null, null));
        Assert.False(await AnyKeptAsync());
        await WriteAsync(null, reminder: Reminder(memberId, at));
        await WriteAsync(null, reminder: Reminder(creatorId, at));
        await WriteAsync(null, reminder: Reminder(creatorId, at + TimeSpan.FromMinutes(3)));
        await UntilAsync(() => Task.FromResult(notifier.Told.Count == 1));
        Assert.Equal("own", notifier.Told[0].Notification.Address);
        Assert.True(notifier.Told[0].At >= at + TimeSpan.FromMinutes(3));

        // Its title was changed: whoever was told of it is not told anew before the half hour has passed.
        await WriteAsync(null, reminder: Reminder(creatorId, at + TimeSpan.FromMinutes(3)));
        await SettleAsync();
        Assert.Single(notifier.Told);
        await WriteAsync(null, reminder: Reminder(null, null));
        time.Advance(TimeSpan.FromHours(2));
        await SettleAsync();
        Assert.Single(notifier.Told);
    }

    [Fact]
    public async Task An_entry_whose_answer_was_lost_and_that_is_sent_again_brings_back_no_reminder()
    {
        await BeginAsync();
        var entry = author.Write(room, chain, eraKey, new byte[64]);
        var at = time.GetUtcNow() + TimeSpan.FromMinutes(2);
        await AppendAsync(entry, null, HttpStatusCode.OK, Reminder(memberId, at));
        await WriteAsync(null, reminder: Reminder(null, null));
        await creator.PostJsonAsync($"/api/v1/rooms/{RoomId}/entries", new JsonObject { ["entry"] = Convert.ToBase64String(entry), ["reminder"] = Reminder(memberId, at) }, HttpStatusCode.OK);
        Assert.False(await AnyKeptAsync());
    }

    [Fact]
    public async Task Who_is_not_or_no_longer_in_the_room_is_not_reminded()
    {
        var (client, outside) = await PersonAsync();
        await AddDeviceAsync(outside, "stranger");
        await AddDeviceAsync(memberId, "phone");
        await BeginAsync();
        var at = time.GetUtcNow() + TimeSpan.FromMinutes(2);
        await WriteAsync(null, reminder: Reminder(outside, at));
        Assert.False(await AnyKeptAsync());
        var entry = author.Write(room, chain, eraKey, new byte[64]);
        await client.PostJsonAsync($"/api/v1/rooms/{RoomId}/entries", new JsonObject { ["entry"] = Convert.ToBase64String(entry), ["reminder"] = Reminder(memberId, at) }, HttpStatusCode.NotFound);
        Assert.False(await AnyKeptAsync());
        await WriteAsync(null, reminder: Reminder(memberId, at));
        Assert.True(await AnyKeptAsync());
        await server.Store.CommitAsync(
            (transaction, token) => transaction.Db.Set<StoredRoomMember>().Where(m => m.PersonId == memberId).ExecuteDeleteAsync(token), Cancellation);
        Assert.False(await AnyKeptAsync());
        await SettleAsync();
        Assert.Empty(notifier.Told);
    }

    [Fact]
    public async Task Only_so_many_are_kept_and_none_that_is_long_past_or_far_ahead_and_the_entry_is_written_all_the_same()
    {
        await BeginAsync();
        var now = time.GetUtcNow();
        await WriteAsync(null, reminder: Reminder(memberId, now - RoomReminderLedger.Past - TimeSpan.FromMinutes(1)));
        await WriteAsync(null, reminder: Reminder(memberId, now + RoomReminderLedger.FurthestAhead + TimeSpan.FromHours(1)));
        Assert.False(await AnyKeptAsync());
        await server.Store.CommitAsync(
            (transaction, _) =>
            {
                for (var kept = 0; kept < RoomReminderLedger.MostOfPerson; kept++)
                    transaction.Db.Add(new RoomReminder { RoomId = new(RoomId), ReminderId = Guid.NewGuid(), PersonId = memberId, At = now.AddDays(1), DueAt = now.AddDays(1) });
                return Task.CompletedTask;
            },
            Cancellation);
        await WriteAsync(null, reminder: Reminder(memberId, now.AddHours(1)));
        Assert.Equal(RoomReminderLedger.MostOfPerson, await CountAsync());
        await WriteAsync(null, reminder: Reminder(creatorId, now.AddHours(1)));
        Assert.Equal(RoomReminderLedger.MostOfPerson + 1, await CountAsync());
        await WriteAsync(null, HttpStatusCode.BadRequest, new JsonObject { ["id"] = "no id", ["personId"] = memberId.Value, ["at"] = "tomorrow" });
    }

    [Fact]
    public async Task What_was_under_way_when_the_process_died_is_sent_once_its_lease_ends_and_what_is_done_meanwhile_is_not()
    {
        await AddDeviceAsync(memberId, "phone");
        await BeginAsync();

        // The exception stands for the end of the process: no outcome is written down.
        notifier.Script = (_, tried) => tried is 0 or 2 ? throw new ProcessDiedException() : ScriptedNotifier.Accepted;
        await WriteAsync(null, reminder: Reminder(memberId, time.GetUtcNow()));
        await UntilAsync(() => Task.FromResult(notifier.Told.Count == 2));
        await UntilAsync(async () => !await IsAnythingWaitingAsync());
        step = TimeSpan.FromSeconds(30);
        await UntilAsync(() => Task.FromResult(notifier.Told.Count == 3));
        await WriteAsync(null, reminder: Reminder(null, null));
        await UntilAsync(async () => !await IsAnythingWaitingAsync());
        Assert.Equal(3, notifier.Told.Count);
    }

    private static JsonObject Reminder(PersonId? person, DateTimeOffset? at) => new() { ["id"] = task, ["personId"] = person?.Value, ["at"] = at };

    private async Task<int> CountAsync()
    {
        await using var db = await OpenAsync();
        return await db.Set<RoomReminder>().CountAsync(Cancellation);
    }

    private async Task<bool> AnyKeptAsync() => await CountAsync() > 0;

    private async Task<IReadOnlyList<EventRecord>> EventsAsync()
    {
        await using var db = await OpenAsync();
        return await db.Set<EventRecord>().Where(e => e.Kind == "room.task-due").OrderBy(e => e.Seq).ToListAsync(Cancellation);
    }
}

public sealed class Room_reminders_on_Sqlite() : RoomReminderSpecification(onPostgres: false);

public sealed class Room_reminders_on_PostgreSql() : RoomReminderSpecification(onPostgres: true);
