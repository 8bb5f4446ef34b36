using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Tocsin.Media.Wire.Rtcp;

/// <summary>Sources that end. Borrows the datagram.</summary>
/// <remarks>RFC 3550 section 6.6. The reason, where there is one, is not read: it is text by a stranger. Does not allocate.</remarks>
[StructLayout(LayoutKind.Auto)]
public readonly ref struct Goodbye
{
    private readonly ReadOnlySpan<byte> _sources;

    private Goodbye(ReadOnlySpan<byte> sources) => _sources = sources;

    public int Count => _sources.Length / 4;

    public uint this[int index] => BinaryPrimitives.ReadUInt32BigEndian(_sources[(4 * index)..]);

    public static bool TryParse(in RtcpPacket packet, out Goodbye goodbye)
    {
        goodbye = default;
        if (packet.Type != RtcpPacketType.Goodbye || packet.Body.Length < 4 * packet.Count)
            return false;
        goodbye = new Goodbye(packet.Body[..(4 * packet.Count)]);
        return true;
    }
}
