using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Tocsin.Media.Wire.Rtcp;

/// <param name="Ssrc">Of the source that should send a key frame.</param>
/// <param name="SequenceNumber">Grows with each new request; the same again is a repetition.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct FullIntraRequestEntry(uint Ssrc, byte SequenceNumber);

/// <summary>Requests for key frames. Borrows the datagram.</summary>
/// <remarks>
/// RFC 5104 section 4.3.1. Does not allocate.
/// <code>
/// |                              SSRC                             |
/// |  sequence nr  |    reserved                                   |   once or more
/// </code>
/// </remarks>
[StructLayout(LayoutKind.Auto)]
public readonly ref struct FullIntraRequest
{
    internal const int EntryLength = 8;

    private readonly ReadOnlySpan<byte> _entries;

    private FullIntraRequest(ReadOnlySpan<byte> entries) => _entries = entries;

    public int Count => _entries.Length / EntryLength;

    public FullIntraRequestEntry this[int index] =>
        new(BinaryPrimitives.ReadUInt32BigEndian(_entries[(EntryLength * index)..]), _entries[(EntryLength * index) + 4]);

    public static bool TryParse(in FeedbackMessage message, out FullIntraRequest request)
    {
        var entries = message.ControlInformation;
        var right = message.Kind == FeedbackKind.FullIntraRequest && entries.Length >= EntryLength && entries.Length % EntryLength == 0;
        request = right ? new FullIntraRequest(entries) : default;
        return right;
    }
}
