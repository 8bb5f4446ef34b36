using System.Collections.Concurrent;
using System.Globalization;
using Tocsin.Alerting.Channels;

namespace Tocsin.Server.Tests.Alerts;

/// <summary>A stand-in for a channel and its carrier: takes what the script says, remembers what it was given, and outlives the server that is killed.</summary>
internal sealed class ScriptedChannel(ChannelKind kind) : IAlertChannel
{
    public const string Provider = "scripted-1";

    private int named;

    /// <summary>What becomes of an attempt; until a test says otherwise, it is accepted under a name of its own.</summary>
    public Func<OutboundMessage, ValueTask<DeliveryOutcome>>? Script { get; set; }

    public ConcurrentQueue<OutboundMessage> Sent { get; } = [];

    public ChannelKind Kind => kind;

    public int MaximumInFlight { get; set; } = 100;

    public ChannelHealth Health { get; } = new(ChannelHealthState.Ready, null);

    public ValueTask<DeliveryOutcome> SendAsync(OutboundMessage message, CancellationToken cancellationToken)
    {
        Sent.Enqueue(message);
        return Script?.Invoke(message) ?? ValueTask.FromResult(Accept());
    }

    public DeliveryOutcome Accept() =>
        new DeliveryOutcome.Accepted(Provider, string.Create(CultureInfo.InvariantCulture, $"{kind}-{Interlocked.Increment(ref named)}"));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
