using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Tocsin.Media.Wire.Payloads;

/// <summary>Which units of H.264 begin in a payload.</summary>
/// <param name="HasSequenceParameters">With them begins what a decoder can start from.</param>
/// <param name="HasPictureParameters">Usually in the same packet.</param>
/// <param name="StartsInstantaneousRefresh">The first piece of a slice that refers to nothing before it.</param>
/// <remarks>
/// RFC 6184 section 5: single units, aggregation (STAP-A) and fragments (FU-A), which are packetization modes 0 and 1. The interleaved mode is not negotiated: refused.
/// <code>
/// |F|NRI|  type   | unit ...                                        single unit, type 1 to 23
/// |F|NRI|   24    | size (16) | unit | size (16) | unit | ...       STAP-A
/// |F|NRI|   28    |S|E|R| type    | piece of a unit ...             FU-A
/// </code>
/// </remarks>
[StructLayout(LayoutKind.Auto)]
public readonly record struct H264Payload(bool HasSequenceParameters, bool HasPictureParameters, bool StartsInstantaneousRefresh)
{
    private const int InstantaneousRefresh = 5;
    private const int SequenceParameters = 7;
    private const int PictureParameters = 8;
    private const int AggregationA = 24;
    private const int FragmentA = 28;

    /// <summary>True for the packet of parameters and for that of the slice: both have the same timestamp.</summary>
    public bool StartsKeyFrame => HasSequenceParameters || StartsInstantaneousRefresh;

    public static bool TryParse(ReadOnlySpan<byte> payload, out H264Payload result)
    {
        result = default;
        if (payload.IsEmpty)
            return false;
        switch (payload[0] & 0x1F)
        {
            case >= 1 and <= 23:
                result = result.With(payload[0] & 0x1F);
                return true;
            case AggregationA:
                return TryReadAggregation(payload[1..], ref result);
            case FragmentA when payload.Length >= 2:
                if ((payload[1] & 0x80) != 0)
                    result = result.With(payload[1] & 0x1F);
                return true;
            default:
                return false;
        }
    }

    private static bool TryReadAggregation(ReadOnlySpan<byte> rest, ref H264Payload result)
    {
        var units = result;
        if (rest.IsEmpty)
            return false;
        while (!rest.IsEmpty)
        {
            if (!BinaryPrimitives.TryReadUInt16BigEndian(rest, out var size) || size == 0 || rest.Length < 2 + size)
                return false;
            units = units.With(rest[2] & 0x1F);
            rest = rest[(2 + size)..];
        }

        result = units;
        return true;
    }

    private H264Payload With(int unitType) => new(
        HasSequenceParameters || unitType == SequenceParameters,
        HasPictureParameters || unitType == PictureParameters,
        StartsInstantaneousRefresh || unitType == InstantaneousRefresh);
}
