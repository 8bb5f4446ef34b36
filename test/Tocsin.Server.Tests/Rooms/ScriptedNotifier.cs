using System.Collections.Concurrent;
using Tocsin.Alerting.Channels;

namespace Tocsin.Server.Tests.Rooms;

/// <summary>Web push under a test's control: what reaches it, when, and what it answers. Alerts it takes as they come.</summary>
internal sealed class ScriptedNotifier(TimeProvider time) : IAlertChannel, IRoomNotifier
{
    private readonly ConcurrentQueue<(RoomNotification Notification, DateTimeOffset At)> told = [];

    public ChannelKind Kind => ChannelKind.WebPush;

    public int MaximumInFlight => 64;

    public ChannelHealth Health { get; } = new(ChannelHealthState.Ready, null);

    /// <summary>Everything that was handed over, taken or not.</summary>
    public IReadOnlyList<(RoomNotification Notification, DateTimeOffset At)> Told => [.. told];

    /// <summary>What comes of one, by the device and how often it was tried before.</summary>
    public Func<string, int, DeliveryOutcome> Script { get; set; } = (_, _) => Accepted;

    public static DeliveryOutcome Accepted { get; } = new DeliveryOutcome.Accepted("scripted", null);

    public ValueTask<DeliveryOutcome> NotifyAsync(RoomNotification notification, CancellationToken cancellationToken)
    {
        var before = told.Count(one => one.Notification.Address == notification.Address);
        told.Enqueue((notification, time.GetUtcNow()));
        return ValueTask.FromResult(Script(notification.Address, before));
    }

    public ValueTask<DeliveryOutcome> SendAsync(OutboundMessage message, CancellationToken cancellationToken) => ValueTask.FromResult(Accepted);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
