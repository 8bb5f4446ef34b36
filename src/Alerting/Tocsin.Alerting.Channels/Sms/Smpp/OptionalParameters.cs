using System.Buffers.Binary;

namespace Tocsin.Alerting.Channels.Sms.Smpp;

/// <summary>Names of the optional parameters that we read or write.</summary>
/// <remarks>SMPP 3.4 section 5.3.2.</remarks>
internal enum OptionalTag : ushort
{
    ReceiptedMessageId = 0x001E,
    UserMessageReference = 0x0204,
    SarMessageReference = 0x020C,
    SarTotalSegments = 0x020E,
    SarSegmentSequence = 0x020F,
    ScInterfaceVersion = 0x0210,
    NetworkErrorCode = 0x0423,
    MessagePayload = 0x0424,
    MessageState = 0x0427,
}

/// <summary>The optional parameters at the end of a PDU, checked once to be whole; unknown ones are passed over.</summary>
internal readonly ref struct OptionalParameters
{
    private OptionalParameters(ReadOnlySpan<byte> octets) => Octets = octets;

    /// <summary>All of them as they are on the wire: tag, length, value, again and again.</summary>
    public ReadOnlySpan<byte> Octets { get; }

    /// <returns>False where the last one is cut short.</returns>
    public static bool TryParse(ReadOnlySpan<byte> octets, out OptionalParameters parameters)
    {
        parameters = default;
        var rest = octets;
        while (!rest.IsEmpty)
        {
            if (rest.Length < 4)
                return false;
            var length = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
            if (rest.Length < 4 + length)
                return false;
            rest = rest[(4 + length)..];
        }

        parameters = new OptionalParameters(octets);
        return true;
    }

    /// <summary>The value of the first parameter of that name.</summary>
    public bool TryGet(OptionalTag tag, out ReadOnlySpan<byte> value)
    {
        for (var rest = Octets; !rest.IsEmpty;)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
            value = rest.Slice(4, length);
            if (BinaryPrimitives.ReadUInt16BigEndian(rest) == (ushort)tag)
                return true;
            rest = rest[(4 + length)..];
        }

        value = default;
        return false;
    }

    /// <summary>The value of a parameter of one octet.</summary>
    public bool TryGetOctet(OptionalTag tag, out byte value)
    {
        var found = TryGet(tag, out var octets) && octets.Length == 1;
        value = found ? octets[0] : (byte)0;
        return found;
    }
}
