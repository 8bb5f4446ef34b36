using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Tocsin.Media.Wire.Rtcp;

/// <summary>Which feedback a packet is: type and format together.</summary>
/// <remarks>RFC 4585 sections 6.2 and 6.3, RFC 5104 section 4.3.1, draft-alvestrand-rmcat-remb-03, draft-holmer-rmcat-transport-wide-cc-extensions-01.</remarks>
public enum FeedbackKind
{
    Other,
    GenericNack,
    TransportWide,
    PictureLossIndication,
    FullIntraRequest,

    /// <summary>Of the application layer: REMB is one, and says so in its first bytes.</summary>
    Application,
}

/// <summary>What all feedback has in common. Borrows the datagram.</summary>
/// <remarks>
/// RFC 4585 section 6.1. Does not allocate.
/// <code>
/// |                   SSRC of packet sender                       |
/// |                   SSRC of media source                        |
/// |               feedback control information                    |
/// </code>
/// </remarks>
[StructLayout(LayoutKind.Auto)]
public readonly ref struct FeedbackMessage
{
    internal const int BodyLength = 8;
    internal const int NackFormat = 1;
    internal const int TransportWideFormat = 15;
    internal const int PictureLossFormat = 1;
    internal const int FullIntraFormat = 4;
    internal const int ApplicationFormat = 15;

    private FeedbackMessage(FeedbackKind kind, uint senderSsrc, uint mediaSsrc, ReadOnlySpan<byte> controlInformation)
    {
        Kind = kind;
        SenderSsrc = senderSsrc;
        MediaSsrc = mediaSsrc;
        ControlInformation = controlInformation;
    }

    public FeedbackKind Kind { get; }

    public uint SenderSsrc { get; }

    /// <summary>0 where the control information names the sources (FIR, REMB).</summary>
    public uint MediaSsrc { get; }

    public ReadOnlySpan<byte> ControlInformation { get; }

    public static bool TryParse(in RtcpPacket packet, out FeedbackMessage message)
    {
        message = default;
        var body = packet.Body;
        if (packet.Type is not (RtcpPacketType.TransportFeedback or RtcpPacketType.PayloadFeedback) || body.Length < BodyLength)
            return false;
        message = new FeedbackMessage(
            KindOf(packet.Type, packet.Count), BinaryPrimitives.ReadUInt32BigEndian(body), BinaryPrimitives.ReadUInt32BigEndian(body[4..]), body[BodyLength..]);
        return true;
    }

    private static FeedbackKind KindOf(RtcpPacketType type, int format) => (type, format) switch
    {
        (RtcpPacketType.TransportFeedback, NackFormat) => FeedbackKind.GenericNack,
        (RtcpPacketType.TransportFeedback, TransportWideFormat) => FeedbackKind.TransportWide,
        (RtcpPacketType.PayloadFeedback, PictureLossFormat) => FeedbackKind.PictureLossIndication,
        (RtcpPacketType.PayloadFeedback, FullIntraFormat) => FeedbackKind.FullIntraRequest,
        (RtcpPacketType.PayloadFeedback, ApplicationFormat) => FeedbackKind.Application,
        _ => FeedbackKind.Other,
    };
}
