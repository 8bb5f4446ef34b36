using System.Runtime.InteropServices;
using Tocsin.Media.Wire;

namespace Tocsin.Media.Engine;

/// <summary>What carries datagrams.</summary>
public enum PathProtocol
{
    Udp,

    /// <summary>Framed after RFC 4571; the peer connected to us.</summary>
    Tcp,
}

/// <summary>A way to the peer: its address as we see it, and what of ours it is reached through.</summary>
/// <param name="Channel">The host's number of a socket or connection; to the engine a number like any other.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct NetworkPath(TransportAddress Remote, PathProtocol Protocol, int Channel);
