using System.Text;
using Tocsin.Alerting.Channels.Sms.Receipts;
using Tocsin.Alerting.Channels.Sms.Replies;

namespace Tocsin.Alerting.Channels.Sms.Smpp;

/// <summary>What a deliver_sm brought, copied out of the receive buffer: a receipt, a part of a reply, or neither.</summary>
internal sealed record DeliveredMessage(CarrierReceipt? Receipt, ReplyPart? Reply)
{
    private const EsmClass KindMask = (EsmClass)0x3C;

    public static DeliveredMessage Read(in ShortMessage message, string country)
    {
        if (CarrierReceipt.TryRead(message) is { } receipt)
            return new DeliveredMessage(receipt, null);

        // Acknowledgements of handsets, conversation aborts and receipts that say nothing.
        if ((message.EsmClass & KindMask) != EsmClass.Default)
            return new DeliveredMessage(null, null);

        var octets = message.Payload;
        PartNumber? part = null;
        if (message.EsmClass.HasFlag(EsmClass.UserDataHeader) && UserDataHeader.TryParse(octets, out var headerLength, out part))
            octets = octets[headerLength..];
        part ??= SegmentNumber(message.Optional);
        var from = SmppNumber.FromCarrier(message.Source.Value, message.Source.Ton, country);
        return new DeliveredMessage(null, new ReplyPart(from, Encoding.Latin1.GetString(message.Destination.Value), message.DataCoding, octets.ToArray(), part));
    }

    /// <summary>The part as the sar_ parameters say it. SMPP 3.4 sections 5.3.2.22 to 24.</summary>
    private static PartNumber? SegmentNumber(OptionalParameters optional)
    {
        if (!optional.TryGet(OptionalTag.SarMessageReference, out var reference) || reference.Length != 2)
            return null;
        if (!optional.TryGetOctet(OptionalTag.SarTotalSegments, out var total) || !optional.TryGetOctet(OptionalTag.SarSegmentSequence, out var number))
            return null;
        return new PartNumber((reference[0] << 8) | reference[1], total, number);
    }
}
