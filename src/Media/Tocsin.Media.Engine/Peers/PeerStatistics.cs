using System.Runtime.InteropServices;
using Tocsin.Media.Engine.Ice;
using Tocsin.Media.Engine.Srtp;

namespace Tocsin.Media.Engine.Peers;

/// <summary>A peer's counters at one moment, since the beginning.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PeerStatistics
{
    /// <summary>Datagrams of any kind that came, and their size without IP and UDP headers.</summary>
    public required long DatagramsIn { get; init; }

    public required DataSize SizeIn { get; init; }

    public required long DatagramsOut { get; init; }

    public required DataSize SizeOut { get; init; }

    /// <summary>DTLS, RTP or RTCP from an address that has not shown the password; or something else altogether.</summary>
    public required long Strangers { get; init; }

    /// <summary>Media that came before there were keys, or could not be sent for want of keys or of a path.</summary>
    public required long TooEarly { get; init; }

    public required IceStatistics Checks { get; init; }

    public required SrtpStatistics MediaIn { get; init; }

    public required SrtpStatistics MediaOut { get; init; }
}
