using System.Runtime.InteropServices;

namespace Tocsin.Media.Wire.Rtp;

/// <summary>One encoding in a redundant payload. Borrows the datagram.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly ref struct RedBlock(byte payloadType, int timestampOffset, bool isPrimary, ReadOnlySpan<byte> data)
{
    public byte PayloadType { get; } = payloadType;

    /// <summary>How many ticks this block is older than the packet's timestamp: 14 bits, 0 for the primary.</summary>
    public int TimestampOffset { get; } = timestampOffset;

    public bool IsPrimary { get; } = isPrimary;

    public ReadOnlySpan<byte> Data { get; } = data;
}

/// <summary>A payload of redundant audio; <c>foreach</c> walks its blocks, oldest first, the primary last.</summary>
/// <remarks>
/// RFC 2198 section 3. Does not allocate.
/// <code>
/// |1|  payload type (7) | timestamp offset (14) | block length (10) |    for each redundant block
/// |0|  payload type (7) |                                                of the primary, which takes the rest
/// | data of the blocks in the same order |
/// </code>
/// </remarks>
[StructLayout(LayoutKind.Auto)]
public ref struct RedPayload
{
    internal const int RedundantHeaderLength = 4;
    internal const int PrimaryHeaderLength = 1;

    private ReadOnlySpan<byte> _headers;
    private ReadOnlySpan<byte> _data;

    private RedPayload(ReadOnlySpan<byte> headers, ReadOnlySpan<byte> data)
    {
        _headers = headers;
        _data = data;
    }

    public RedBlock Current { get; private set; }

    public static bool TryParse(ReadOnlySpan<byte> payload, out RedPayload red)
    {
        red = default;
        var offset = 0;
        var redundantLength = 0;
        while (offset < payload.Length && (payload[offset] & 0x80) != 0)
        {
            if (payload.Length < offset + RedundantHeaderLength)
                return false;
            redundantLength += BlockLength(payload[offset..]);
            offset += RedundantHeaderLength;
        }

        offset += PrimaryHeaderLength;
        if (offset > payload.Length || redundantLength > payload.Length - offset)
            return false;
        red = new RedPayload(payload[..offset], payload[offset..]);
        return true;
    }

    public readonly RedPayload GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_headers.IsEmpty)
            return false;
        var isPrimary = (_headers[0] & 0x80) == 0;
        var length = isPrimary ? _data.Length : BlockLength(_headers);
        var timestampOffset = isPrimary ? 0 : (_headers[1] << 6) | (_headers[2] >> 2);
        Current = new RedBlock((byte)(_headers[0] & 0x7F), timestampOffset, isPrimary, _data[..length]);
        _headers = _headers[(isPrimary ? PrimaryHeaderLength : RedundantHeaderLength)..];
        _data = _data[length..];
        return true;
    }

    private static int BlockLength(ReadOnlySpan<byte> header) => ((header[2] & 3) << 8) | header[3];
}
