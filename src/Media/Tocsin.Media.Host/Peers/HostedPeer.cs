using Tocsin.Media.Engine;
using Tocsin.Media.Engine.Peers;

namespace Tocsin.Media.Host.Peers;

/// <summary>A peer with what its host must remember of it. Its media thread only, but for <see cref="Loop"/>.</summary>
internal sealed class HostedPeer(MediaLoop loop, Peer peer, IPeerListener listener)
{
    /// <summary>A peer has at most 16 valid paths; twice that, and those that are no longer valid are looked for.</summary>
    public const int MaximumPaths = 32;

    /// <summary>The current one and the one before, as its ICE agent has them: however often a participant asks for a restart, no more are kept.</summary>
    public const int MaximumFragments = 2;

    /// <summary>The thread that owns it, for ever.</summary>
    public MediaLoop Loop { get; } = loop;

    public Peer Peer { get; } = peer;

    public IPeerListener Listener { get; } = listener;

    /// <summary>The fragments by which checks find it: the current one, and after an ICE restart the one before.</summary>
    public List<string> Fragments { get; } = [];

    /// <summary>The paths by which other datagrams find it.</summary>
    public List<NetworkPath> Paths { get; } = [];

    /// <summary>When the queue of wake-ups will look at it.</summary>
    public Instant QueuedFor { get; set; } = Instant.Never;

    public bool IsRemoved { get; set; }
}
