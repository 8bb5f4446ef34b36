using Tocsin.Media.Engine;
using Tocsin.Media.Engine.Dtls;
using Tocsin.Media.Engine.Ice;
using Tocsin.Media.Engine.Peers;
using Tocsin.Media.Forwarding.Transports;
using Tocsin.Media.Host.Peers;

namespace Tocsin.Media.Host.Meetings;

/// <summary>Hears how a transport stands. Called on the media thread: take note and return.</summary>
public interface ITransportListener
{
    void OnStateChanged(HostedTransport transport, PeerState state);
}

/// <summary>A <see cref="Forwarding.Transports.Transport"/> with the <see cref="Engine.Peers.Peer"/> that its packets come and leave by. Media thread only, but for <see cref="Credentials"/>.</summary>
public sealed class HostedTransport : IPeerListener
{
    private readonly HostedMeeting _meeting;
    private readonly ITransportListener _listener;

    internal HostedTransport(HostedMeeting meeting, ITransportListener listener) => (_meeting, _listener) = (meeting, listener);

    public Transport Transport { get; private set; } = null!;

    /// <summary>What signalling gives the participant at first.</summary>
    public IceCredentials Credentials { get; private set; } = null!;

    public PeerState State => Peer.State;

    public PeerStatistics Statistics => Peer.Statistics;

    internal Peer Peer { get; private set; } = null!;

    /// <summary>What signalling says the participant's certificate is: before or after its first datagrams.</summary>
    public void ExpectFingerprint(Instant now, DtlsFingerprint fingerprint) => _meeting.Loop.ExpectFingerprint(now, Peer, fingerprint);

    void IPeerMedia.OnRtp(Instant now, Peer peer, Span<byte> packet)
    {
        Transport.HandleRtp(now, packet);
        _meeting.Loop.Touch(_meeting);
    }

    void IPeerMedia.OnRtcp(Instant now, Peer peer, Span<byte> packet)
    {
        Transport.HandleRtcp(now, packet);
        _meeting.Loop.Touch(_meeting);
    }

    void IPeerListener.OnStateChanged(Instant now, Peer peer)
    {
        Transport.SetConnected(now, peer.State == PeerState.Connected);
        _meeting.Loop.Touch(_meeting);
        _listener.OnStateChanged(this, peer.State);
    }

    /// <summary>Only this participant's transport ends: they may make another.</summary>
    void IPeerListener.OnFault(Peer peer, Exception fault)
    {
        Transport.SetConnected(MediaClock.Now, false);
        _meeting.Loop.Touch(_meeting);
        _listener.OnStateChanged(this, PeerState.Failed);
    }

    internal void Begin(Peer peer, Transport transport, IceCredentials credentials)
    {
        (Peer, Transport, Credentials) = (peer, transport, credentials);
        _meeting.Add(this);
    }
}
