using Tocsin.Media.Engine;
using Tocsin.Media.Engine.Peers;

namespace Tocsin.Media.Host.Peers;

/// <summary>Whose peer it is: gets its media, and hears how it stands. Called on the media thread.</summary>
public interface IPeerListener : IPeerMedia
{
    /// <summary><see cref="Peer.State"/> has changed.</summary>
    void OnStateChanged(Instant now, Peer peer);

    /// <summary>A call of the peer's threw: a fault of ours. The peer is closed and removed; the other peers go on.</summary>
    void OnFault(Peer peer, Exception fault);
}
