namespace Tocsin.Media.Engine.Peers;

/// <summary>Where a <see cref="Peer"/> stands. Media flow only while it is <see cref="Connected"/>.</summary>
public enum PeerState
{
    /// <summary>No check has come yet.</summary>
    New,

    /// <summary>A path is valid; the handshake is under way, or signalling has yet to name the peer's certificate.</summary>
    Connecting,

    Connected,

    /// <summary>No check came for 30 seconds on any path. The keys are kept: the next check connects it again.</summary>
    Disconnected,

    /// <summary>Final: the handshake broke down, and the DTLS server says why.</summary>
    Failed,

    /// <summary>Final: one side said goodbye.</summary>
    Closed,
}
