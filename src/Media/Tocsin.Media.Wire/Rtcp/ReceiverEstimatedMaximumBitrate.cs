using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Tocsin.Media.Wire.Rtcp;

/// <summary>REMB: how much a receiver believes that it can take of the named sources together. Borrows the datagram.</summary>
/// <remarks>
/// draft-alvestrand-rmcat-remb-03 section 2.2. Does not allocate.
/// <code>
/// |  'R'          |  'E'          |  'M'          |  'B'          |
/// |  SSRC count   | exponent (6)  |  mantissa (18)                |   bits per second = mantissa * 2^exponent
/// |                     SSRC, once or more                        |
/// </code>
/// </remarks>
[StructLayout(LayoutKind.Auto)]
public readonly ref struct ReceiverEstimatedMaximumBitrate
{
    internal const uint Name = 0x52454D42;
    internal const int FixedLength = 8;
    internal const int MantissaBits = 18;

    private readonly ReadOnlySpan<byte> _sources;

    private ReceiverEstimatedMaximumBitrate(ulong bitsPerSecond, ReadOnlySpan<byte> sources)
    {
        BitsPerSecond = bitsPerSecond;
        _sources = sources;
    }

    public ulong BitsPerSecond { get; }

    public int Count => _sources.Length / 4;

    public uint this[int index] => BinaryPrimitives.ReadUInt32BigEndian(_sources[(4 * index)..]);

    /// <summary>False for other application feedback, a number of sources that does not fit, or a rate of more than 64 bits.</summary>
    public static bool TryParse(in FeedbackMessage message, out ReceiverEstimatedMaximumBitrate remb)
    {
        remb = default;
        var information = message.ControlInformation;
        if (message.Kind != FeedbackKind.Application || information.Length < FixedLength || BinaryPrimitives.ReadUInt32BigEndian(information) != Name)
            return false;
        var count = information[4];
        var exponent = information[5] >> 2;
        var mantissa = BinaryPrimitives.ReadUInt32BigEndian(information[4..]) & ((1u << MantissaBits) - 1);
        if (information.Length != FixedLength + (4 * count) || exponent > BitOperations.LeadingZeroCount((ulong)mantissa))
            return false;
        remb = new ReceiverEstimatedMaximumBitrate((ulong)mantissa << exponent, information[FixedLength..]);
        return true;
    }
}
