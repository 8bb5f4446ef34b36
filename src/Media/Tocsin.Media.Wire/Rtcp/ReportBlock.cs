using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Tocsin.Media.Wire.Rtcp;

/// <summary>How one source is received.</summary>
/// <param name="Ssrc">The source that is reported on.</param>
/// <param name="FractionLost">Since the last report, in 256ths.</param>
/// <param name="CumulativeLost">Since the beginning; 24 bits with sign, as doubled packets count against losses.</param>
/// <param name="ExtendedHighestSequence">Cycles in the upper 16 bits.</param>
/// <param name="Jitter">In ticks of the codec's clock.</param>
/// <param name="LastSenderReport">The middle 32 bits of the NTP time of the last sender report; 0 before the first.</param>
/// <param name="DelaySinceLastSenderReport">In units of 1/65536 s.</param>
/// <remarks>
/// RFC 3550 section 6.4.1.
/// <code>
/// |                             SSRC                              |
/// | fraction lost |       cumulative number of packets lost       |
/// |           extended highest sequence number received           |
/// |                      interarrival jitter                      |
/// |                     last sender report                        |
/// |               delay since last sender report                  |
/// </code>
/// </remarks>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ReportBlock(
    uint Ssrc, byte FractionLost, int CumulativeLost, uint ExtendedHighestSequence, uint Jitter, uint LastSenderReport, uint DelaySinceLastSenderReport)
{
    public const int Length = 24;
    public const int MaximumCumulativeLost = 0x7FFFFF;

    internal static ReportBlock Read(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt32BigEndian(bytes),
        bytes[4],
        (BinaryPrimitives.ReadInt32BigEndian(bytes[4..]) << 8) >> 8,
        BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]),
        BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]),
        BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]),
        BinaryPrimitives.ReadUInt32BigEndian(bytes[20..]));

    /// <summary>Losses outside of 24 bits are written as the nearest that fits.</summary>
    internal void Write(Span<byte> bytes)
    {
        var lost = Math.Clamp(CumulativeLost, -MaximumCumulativeLost - 1, MaximumCumulativeLost);
        BinaryPrimitives.WriteUInt32BigEndian(bytes, Ssrc);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[4..], ((uint)FractionLost << 24) | ((uint)lost & 0xFFFFFF));
        BinaryPrimitives.WriteUInt32BigEndian(bytes[8..], ExtendedHighestSequence);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[12..], Jitter);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[16..], LastSenderReport);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[20..], DelaySinceLastSenderReport);
    }
}

/// <summary>The report blocks of a sender or receiver report.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly ref struct ReportBlocks
{
    private readonly ReadOnlySpan<byte> _blocks;

    internal ReportBlocks(ReadOnlySpan<byte> blocks) => _blocks = blocks;

    public int Count => _blocks.Length / ReportBlock.Length;

    public ReportBlock this[int index] => ReportBlock.Read(_blocks[(index * ReportBlock.Length)..]);
}
