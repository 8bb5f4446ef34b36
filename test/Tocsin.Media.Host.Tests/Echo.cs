using Tocsin.Media.Engine;
using Tocsin.Media.Engine.Peers;
using Tocsin.Media.Host.Peers;

namespace Tocsin.Media.Host.Tests;

/// <summary>Sends a peer's packets back to it.</summary>
internal sealed class Echo : IPeerListener
{
    private volatile PeerState _state;
    private volatile Exception? _fault;

    public PeerState State => _state;

    public Exception? Fault => _fault;

    public bool Throws { get; init; }

    public void OnRtp(Instant now, Peer peer, Span<byte> packet)
    {
        if (Throws) throw new InvalidTimeZoneException();
        Assert.True(peer.SendRtp(packet[..12], packet[12..]));
    }

    public void OnRtcp(Instant now, Peer peer, Span<byte> packet)
    {
    }

    public void OnStateChanged(Instant now, Peer peer) => _state = peer.State;

    public void OnFault(Peer peer, Exception fault) => _fault = fault;
}
