using System.Buffers.Binary;

namespace Tocsin.Media.Wire.Rtp;

/// <summary>Counts the packets of a transport over all its streams, for feedback on when each arrived.</summary>
/// <remarks>draft-holmer-rmcat-transport-wide-cc-extensions-01 section 2: two bytes. Its second version appends a request for feedback, which is not used here.</remarks>
public static class TransportSequenceNumber
{
    public const int Length = 2;

    public static bool TryParse(ReadOnlySpan<byte> value, out ushort sequenceNumber) => BinaryPrimitives.TryReadUInt16BigEndian(value, out sequenceNumber);

    public static bool TryWrite(ushort sequenceNumber, Span<byte> destination, out int written)
    {
        var fits = BinaryPrimitives.TryWriteUInt16BigEndian(destination, sequenceNumber);
        written = fits ? Length : 0;
        return fits;
    }
}
