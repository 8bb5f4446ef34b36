using Tocsin.Media.Engine;
using Tocsin.Media.Engine.Ice;
using Tocsin.Media.Engine.Peers;
using Tocsin.Media.Forwarding.Meetings;
using Tocsin.Media.Forwarding.Subscribing;
using Tocsin.Media.Host.Meetings;
using Tocsin.Server.Features.Meetings.Signalling;
using RtpCapabilities = Tocsin.Media.Forwarding.Parameters.RtpCapabilities;

namespace Tocsin.Server.Features.Meetings.Calls;

/// <summary>One participant's media: a transport to send on, one to receive on, and what is received.</summary>
/// <remarks>The media thread only, from within <see cref="CallMedia"/>'s questions, but for what is set once.</remarks>
/// <param name="id">The participant's.</param>
/// <param name="tell">Where they hear of it; any thread.</param>
internal sealed class AttendeeMedia(string id, Action<MeetingEvent> tell) : ITransportListener
{
    // As they were told last.
    private bool sendIsSilent;
    private bool receiveIsSilent;

    public string Id { get; } = id;

    public Action<MeetingEvent> Tell { get; } = tell;

    public required Participant Participant { get; init; }

    public HostedTransport Send { get; set; } = null!;

    public HostedTransport Receive { get; set; } = null!;

    /// <summary>What the client was told at first; after an ICE restart it knows better.</summary>
    public IceCredentials SendCredentials { get; set; } = null!;

    public IceCredentials ReceiveCredentials { get; set; } = null!;

    /// <summary>What their device can receive; null before it said so.</summary>
    public RtpCapabilities? Device { get; set; }

    /// <summary>By the id of the producer.</summary>
    public Dictionary<ProducerId, Consumer> Consumers { get; } = [];

    public ConnectionQuality Quality { get; } = new();

    /// <summary>Browsers notice only after some five seconds that a path of media broke: their line tells them sooner.</summary>
    public void TellSilences(Instant now)
    {
        TellSilence(now, Send, ref sendIsSilent);
        TellSilence(now, Receive, ref receiveIsSilent);
    }

    public HostedTransport? FindTransport(string? transportId) =>
        transportId == WireId.Of(Send.Transport.Id) ? Send : transportId == WireId.Of(Receive.Transport.Id) ? Receive : null;

    public Consumer? FindConsumer(string? consumerId)
    {
        foreach (var consumer in Consumers.Values)
        {
            if (WireId.Of(consumer.Id) == consumerId) return consumer;
        }

        return null;
    }

    private void TellSilence(Instant now, HostedTransport transport, ref bool isSilent)
    {
        var judged = transport.Transport.IsSilent(now);
        if (judged == isSilent) return;
        isSilent = judged;
        // Of one that is not connected its listener told already, and tells when it is again.
        if (transport.Transport.IsConnected) Tell(new TransportStateChanged(WireId.Of(transport.Transport.Id), judged ? TransportState.Disconnected : TransportState.Connected));
    }

    void ITransportListener.OnStateChanged(HostedTransport transport, PeerState state)
    {
        // Closed by a goodbye or by us: whoever says goodbye knows.
        TransportState? said = state switch
        {
            PeerState.Connecting => TransportState.Connecting,
            PeerState.Connected => TransportState.Connected,
            PeerState.Disconnected => TransportState.Disconnected,
            PeerState.Failed => TransportState.Failed,
            _ => null,
        };
        if (said is { } word) Tell(new TransportStateChanged(WireId.Of(transport.Transport.Id), word));
    }
}

/// <summary>The engine's numbers as clients know them.</summary>
internal static class WireId
{
    public static string Of(TransportId id) => Text(id.Value);

    public static string Of(ProducerId id) => Text(id.Value);

    public static string Of(ConsumerId id) => Text(id.Value);

    private static string Text(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
