using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Tocsin.Media.Wire.Rtcp;

/// <remarks>RFC 3550 section 12.2.</remarks>
public enum SourceDescriptionItemType
{
    End = 0,
    CanonicalName = 1,
    Name = 2,
    Note = 7,
    Private = 8,
}

/// <summary>One item of one source. Borrows the datagram.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly ref struct SourceDescriptionItem(uint ssrc, SourceDescriptionItemType type, ReadOnlySpan<byte> text)
{
    public uint Ssrc { get; } = ssrc;

    public SourceDescriptionItemType Type { get; } = type;

    /// <summary>UTF-8, at most 255 bytes.</summary>
    public ReadOnlySpan<byte> Text { get; } = text;
}

/// <summary>The items of a source description, over all its sources; <c>foreach</c> walks them.</summary>
/// <remarks>
/// RFC 3550 section 6.5. What is out of bounds ends the walk. Does not allocate.
/// <code>
/// |                            SSRC                               |   a chunk; as many as the packet's count says
/// |     type      |    length     | text ...                          items
/// |       0       |  zeros up to a multiple of 4 bytes                end of the chunk
/// </code>
/// </remarks>
[StructLayout(LayoutKind.Auto)]
public ref struct SourceDescription
{
    private ReadOnlySpan<byte> _rest;
    private int _chunksLeft;
    private uint _ssrc;
    private bool _inChunk;

    /// <summary>How many bytes of the current chunk were read, for the padding at its end.</summary>
    private int _chunkOffset;

    private SourceDescription(ReadOnlySpan<byte> body, int chunks)
    {
        _rest = body;
        _chunksLeft = chunks;
    }

    public SourceDescriptionItem Current { get; private set; }

    public static bool TryParse(in RtcpPacket packet, out SourceDescription description)
    {
        var right = packet.Type == RtcpPacketType.SourceDescription;
        description = right ? new SourceDescription(packet.Body, packet.Count) : default;
        return right;
    }

    public readonly SourceDescription GetEnumerator() => this;

    public bool MoveNext()
    {
        while (_inChunk || TryEnterChunk())
        {
            if (_rest.IsEmpty)
                return false;
            if (_rest[0] == (byte)SourceDescriptionItemType.End)
            {
                LeaveChunk();
                continue;
            }

            if (_rest.Length < 2 || _rest.Length < 2 + _rest[1])
                return Stop();
            var length = _rest[1];
            Current = new SourceDescriptionItem(_ssrc, (SourceDescriptionItemType)_rest[0], _rest.Slice(2, length));
            Advance(2 + length);
            return true;
        }

        return false;
    }

    private bool TryEnterChunk()
    {
        if (_chunksLeft == 0 || _rest.Length < 4)
            return false;
        _chunksLeft--;
        _ssrc = BinaryPrimitives.ReadUInt32BigEndian(_rest);
        _inChunk = true;
        _chunkOffset = 0;
        Advance(4);
        return true;
    }

    /// <summary>At least one zero, and as many as make the chunk a multiple of 4 bytes.</summary>
    private void LeaveChunk()
    {
        _inChunk = false;
        Advance(Math.Min(_rest.Length, 4 - (_chunkOffset & 3)));
    }

    private void Advance(int length)
    {
        _rest = _rest[length..];
        _chunkOffset += length;
    }

    private bool Stop()
    {
        _rest = default;
        _inChunk = false;
        _chunksLeft = 0;
        return false;
    }
}
