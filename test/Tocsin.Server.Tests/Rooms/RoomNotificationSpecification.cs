using System.Net;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Plans;
using Tocsin.Rooms;
using Tocsin.Rooms.Tests;
using Tocsin.Server.Features.Alerts;
using Tocsin.Storage;
using Tocsin.Storage.Directory;
using Tocsin.Storage.Model;
using Tocsin.Storage.Rooms;
using Tocsin.Testing;

namespace Tocsin.Server.Tests.Rooms;

/// <summary>Decision 0124, on both databases: who is told of an entry, once, again where it did not leave, and no more often than promised.</summary>
public abstract class RoomNotificationSpecification(bool onPostgres) : RoomOfTwo(onPostgres)
{
    [Fact]
    public async Task A_push_that_did_not_leave_is_tried_again_until_it_does()
    {
        await AddDeviceAsync(memberId, "phone");
        await AddDeviceAsync(memberId, "laptop");
        await BeginAsync();
        DeliveryOutcome[] answers =
        [
            new DeliveryOutcome.RetryAfter(null, new FailureReason(FailureCodes.CarrierUnavailable)),
            new DeliveryOutcome.OutcomeUnknown(new FailureReason(FailureCodes.CarrierTimeout)),
            new DeliveryOutcome.RetryAfter(TimeSpan.FromMinutes(3), new FailureReason(FailureCodes.CarrierThrottled)),
        ];
        notifier.Script = (device, tried) => device == "phone" && tried < answers.Length ? answers[tried] : ScriptedNotifier.Accepted;
        await WriteAsync("message");
        await UntilAsync(() => To("phone").Count == 4);
        Assert.All(To("phone"), one => Assert.Equal((RoomId, 2L, RoomNotificationKind.Message), (one.Notification.Room.Value, one.Notification.Seq, one.Notification.Kind)));
        Assert.True(To("phone")[3].At - To("phone")[2].At >= TimeSpan.FromMinutes(3), "A push service that asks to be left alone is.");
        Assert.Single(To("laptop"));
        await UntilAsync(async () => !await IsAnythingWaitingAsync());
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(4, To("phone").Count);
    }

    [Fact]
    public async Task What_was_under_way_when_the_process_died_is_sent_once_its_lease_ends()
    {
        await AddDeviceAsync(memberId, "phone");
        await BeginAsync();

        // The exception stands for the end of the process: no outcome is written down. The sender logs it by its name.
        notifier.Script = (_, tried) => tried == 0 ? throw new ProcessDiedException() : ScriptedNotifier.Accepted;
        await WriteAsync("message");
        await UntilAsync(() => notifier.Told.Count == 1);
        time.Advance(TimeSpan.FromSeconds(55));
        Assert.Single(notifier.Told);
        time.Advance(TimeSpan.FromSeconds(6));
        await UntilAsync(() => notifier.Told.Count == 2);
        await UntilAsync(async () => !await IsAnythingWaitingAsync());
    }

    [Fact]
    public async Task Members_are_told_and_neither_who_wrote_nor_who_is_not_in_the_room()
    {
        var (_, outside) = await PersonAsync();
        await AddDeviceAsync(creatorId, "own");
        await AddDeviceAsync(memberId, "phone");
        await AddDeviceAsync(outside, "stranger");
        await BeginAsync(isToldOfAdmission: true);
        await WriteAsync(null);
        await ReadAsync(2);
        await WriteAsync("message");
        await UntilAsync(() => notifier.Told.Count == 2);
        Assert.Equal([("phone", 1L, RoomNotificationKind.Admission), ("phone", 3L, RoomNotificationKind.Message)], notifier.Told.Select(one => (one.Notification.Address, one.Notification.Seq, one.Notification.Kind)));
        await SettleAsync();
        Assert.Equal(2, notifier.Told.Count);
        await WriteAsync("everything", HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Many_entries_are_one_push_and_the_next_comes_after_a_minute_or_at_once_where_they_were_read()
    {
        await AddDeviceAsync(memberId, "phone");
        await BeginAsync();
        for (var written = 0; written < 5; written++) await WriteAsync("message");
        await UntilAsync(async () => !await IsAnythingWaitingAsync());
        Assert.Equal(6, Assert.Single(To("phone")).Notification.Seq);
        for (var written = 0; written < 5; written++) await WriteAsync("message");
        var waiting = await SpreadAsync();
        Assert.Equal((11L, waiting.ToldAt + RoomPushLedger.Pause), (waiting.Seq, waiting.DueAt));
        await UntilAsync(async () => !await IsAnythingWaitingAsync());
        Assert.Equal([6L, 11L], To("phone").Select(one => one.Notification.Seq));
        await ReadAsync(11);
        await WriteAsync("message");
        Assert.Equal(time.GetUtcNow() + RoomPushLedger.Grace, (await SpreadAsync()).DueAt);
        await UntilAsync(() => To("phone").Count == 3);
    }

    [Fact]
    public async Task What_a_page_shows_at_once_is_not_told()
    {
        await AddDeviceAsync(memberId, "phone");
        await BeginAsync();
        await WriteAsync("message");
        await ReadAsync(2);
        await UntilAsync(async () => !await IsAnythingWaitingAsync());
        Assert.Empty(notifier.Told);
    }

    [Theory]
    [InlineData(FailureCodes.SubscriptionGone, 1)]
    [InlineData(FailureCodes.CarrierRefused, 2)]
    public async Task A_subscription_that_is_gone_is_removed_and_one_that_was_refused_stays(string code, int devices)
    {
        await AddDeviceAsync(memberId, "phone");
        await AddDeviceAsync(memberId, "laptop");
        await BeginAsync();
        notifier.Script = (device, _) => device == "phone" ? new DeliveryOutcome.Rejected(new FailureReason(code, "410")) : ScriptedNotifier.Accepted;
        await WriteAsync("message");
        await UntilAsync(async () => notifier.Told.Count == 2 && !await IsAnythingWaitingAsync());
        await SettleAsync();
        await using var db = await OpenAsync();
        Assert.Equal(devices, await db.Set<StoredContactPoint>().CountAsync(Cancellation));
        Assert.Equal(2 - devices, await db.Set<AuditRecord>().CountAsync(record => record.Action == "push-subscription.removed", Cancellation));
        Assert.Equal(2, notifier.Told.Count);
    }

    [Fact]
    public async Task A_muted_room_is_silent_but_for_priority_messages_which_come_again_until_they_are_read()
    {
        await AddDeviceAsync(memberId, "https://push.example/phone");
        await BeginAsync();
        await ChooseAsync(member, true, HttpStatusCode.NoContent);
        await ChooseAsync(creator, true, HttpStatusCode.NotFound);
        await WriteAsync("message");
        await SettleAsync();
        Assert.Empty(notifier.Told);
        await WriteAsync("priority");
        await UntilAsync(() => notifier.Told.Count == 3);
        Assert.All(notifier.Told, one => Assert.Equal(RoomNotificationKind.Priority, one.Notification.Kind));
        foreach (var (one, next) in notifier.Told.Zip(notifier.Told.Skip(1))) Assert.True(next.At - one.At >= RoomPushLedger.Reminder);
        await ReadAsync(3);
        await UntilAsync(async () => !await IsAnythingWaitingAsync());
        Assert.Equal(3, notifier.Told.Count);
        await ChooseAsync(member, false, HttpStatusCode.NoContent);
        await WriteAsync("message");
        await UntilAsync(() => notifier.Told.Count == 4);
    }

    [Fact]
    public async Task A_priority_message_that_nobody_reads_ends_after_half_an_hour()
    {
        await AddDeviceAsync(memberId, "phone");
        await BeginAsync();
        await WriteAsync("priority");
        step = TimeSpan.FromSeconds(30);
        await UntilAsync(async () => notifier.Told.Count > RoomPushLedger.MostRepeats && !await IsAnythingWaitingAsync());
        Assert.Equal(1 + RoomPushLedger.MostRepeats, notifier.Told.Count);
    }
}

internal sealed class ProcessDiedException() : Exception("The test says that the process dies here.");

public sealed class Room_notifications_on_Sqlite() : RoomNotificationSpecification(onPostgres: false);

public sealed class Room_notifications_on_PostgreSql() : RoomNotificationSpecification(onPostgres: true)
{
    [Fact]
    public async Task Of_several_nodes_one_sends_each_push()
    {
        for (var device = 0; device < 10; device++) await AddDeviceAsync(memberId, $"device-{device}");
        var others = new ScriptedNotifier(time);
        await using var other = await StartAsync(others);
        await BeginAsync();
        for (var round = 1; round <= 3; round++)
        {
            await WriteAsync("message");
            await UntilAsync(async () => notifier.Told.Count + others.Told.Count >= 10 * round && !await IsAnythingWaitingAsync());
            await SettleAsync();
            await ReadAsync(1 + round);
            Assert.Equal(10 * round, notifier.Told.Count + others.Told.Count);
        }

        Assert.All(notifier.Told.Concat(others.Told).CountBy(one => one.Notification.Address), device => Assert.Equal(3, device.Value));
    }
}
