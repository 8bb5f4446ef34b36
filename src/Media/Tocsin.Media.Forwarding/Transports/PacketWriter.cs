using System.Buffers.Binary;
using Tocsin.Media.Engine;
using Tocsin.Media.Engine.Congestion;
using Tocsin.Media.Engine.Peers;
using Tocsin.Media.Forwarding.Publishing;
using Tocsin.Media.Forwarding.Subscribing;
using Tocsin.Media.Wire.Rtp;

namespace Tocsin.Media.Forwarding.Transports;

/// <summary>Gives each packet that leaves for a subscriber its header and its numbers, and sends it.</summary>
/// <remarks>RFC 3550 section 5.1, RFC 4588 section 4, RFC 8285. The meeting's thread. Allocates only when it is made.</remarks>
internal sealed class PacketWriter(IMediaSender sender, BandwidthEstimator estimator)
{
    /// <summary>IPv4 and UDP: the path carries them too.</summary>
    private const int DatagramOverhead = 28;

    /// <summary>The tag of AES-GCM.</summary>
    private const int UsualRtpOverhead = 16;

    /// <summary>Fixed part, and extensions of which the Dependency Descriptor is the longest at 255 bytes.</summary>
    private const int LongestHeader = 320;

    /// <remarks>RFC 3550 section 5.1: one byte counts it.</remarks>
    private const int LongestPadding = 255;

    private readonly byte[] header = new byte[LongestHeader];

    /// <summary>Voices that were sent to whoever asks for them again; null before anybody did.</summary>
    public SentVoices? Voices { get; private set; }

    /// <summary>Packets of voices are kept from now on.</summary>
    public void KeepVoices() => Voices ??= new SentVoices();

    /// <summary>What a packet takes on the wire, about.</summary>
    public static int SizeOf(StoredPacket packet) => RtpHeader.FixedLength + 8 + packet.DependencyDescriptorLength + packet.PayloadLength + UsualRtpOverhead + DatagramOverhead;

    /// <summary>Sends a packet for the first time.</summary>
    /// <returns>Bytes on the wire; 0 where it was not sent.</returns>
    public int Send(Instant now, Consumer consumer, StoredPacket packet, in Rewriting rewriting, int probeCluster)
    {
        var format = consumer.FormatOf(packet.Codec);
        // A codec that the publisher may use, but of which this device was told nothing.
        if (format == default)
            return 0;
        var fields = new RtpFields(format.PayloadType, rewriting.Marker, rewriting.SequenceNumber, rewriting.Timestamp, consumer.Ssrc);
        RewriteDescriptor(packet, rewriting);
        return Send(now, consumer, packet, rewriting, fields, packet.Payload, probeCluster);
    }

    /// <summary>Sends it once more, in the stream of retransmissions.</summary>
    /// <inheritdoc cref="Send(Instant, Consumer, StoredPacket, in Rewriting, int)"/>
    public int SendAgain(Instant now, Consumer consumer, StoredPacket packet, in Rewriting rewriting, int probeCluster)
    {
        var format = consumer.FormatOf(packet.Codec);
        var fields = new RtpFields(format.RtxPayloadType, rewriting.Marker, consumer.TakeRtxSequenceNumber(), rewriting.Timestamp, consumer.RtxSsrc);
        RewriteDescriptor(packet, rewriting);
        var payload = packet.RetransmissionPayload;
        BinaryPrimitives.WriteUInt16BigEndian(payload, rewriting.SequenceNumber);
        return Send(now, consumer, packet, rewriting, fields, payload, probeCluster);
    }

    /// <summary>Sends as much padding as one packet can have, in the stream of retransmissions, as browsers do.</summary>
    /// <returns>Bytes on the wire; 0 where it was not sent.</returns>
    public int SendPadding(Instant now, Consumer consumer, int probeCluster)
    {
        var format = consumer.FormatOf(consumer.Producer.Track.Codecs[0]);
        var fields = new RtpFields(format.RtxPayloadType, Marker: false, consumer.TakeRtxSequenceNumber(), 0, consumer.RtxSsrc);
        return SendPadding(now, consumer, fields, LongestPadding, probeCluster);
    }

    /// <summary>Sends a packet without payload that takes a number whose packet is not for this subscriber.</summary>
    public void SendFiller(Instant now, Consumer consumer, byte payloadType, in Rewriting rewriting)
    {
        var fields = new RtpFields(payloadType, Marker: false, rewriting.SequenceNumber, rewriting.Timestamp, consumer.Ssrc);
        SendPadding(now, consumer, fields, 1, probeCluster: 0);
    }

    private int SendPadding(Instant now, Consumer consumer, in RtpFields fields, int padding, int probeCluster)
    {
        var writer = new RtpPacketWriter(header, fields);
        var numberOffset = ReserveTransportNumber(consumer, ref writer);
        writer.AddPadding(padding);
        if (!writer.TryFinish(out var length))
            return 0;
        var size = length + sender.RtpOverhead + DatagramOverhead;
        WriteTransportNumber(now, numberOffset, size, probeCluster);
        // The padding is no part of the header.
        return sender.SendRtp(header.AsSpan(0, length - padding), header.AsSpan(length - padding, padding)) ? size : 0;
    }

    private int Send(
        Instant now, Consumer consumer, StoredPacket packet, in Rewriting rewriting, in RtpFields fields, ReadOnlySpan<byte> payload, int probeCluster)
    {
        // One that could not be read is left out: its numbers would be those of another stream.
        var descriptorId = packet.DependencyDescriptorLength > 0 && packet.Frame.HasNumber ? consumer.Extensions.IdOf(HeaderExtensionKind.DependencyDescriptor) : (byte)0;
        var form = descriptorId != 0 && packet.DependencyDescriptorLength > 16 ? HeaderExtensionForm.TwoByte : HeaderExtensionForm.OneByte;
        var writer = new RtpPacketWriter(header, fields, form);
        var numberOffset = ReserveTransportNumber(consumer, ref writer);
        AddByte(consumer, HeaderExtensionKind.AudioLevel, packet.AudioLevel, ref writer);
        AddByte(consumer, HeaderExtensionKind.VideoOrientation, packet.Orientation, ref writer);
        if (consumer.Extensions.IdOf(HeaderExtensionKind.AbsoluteSendTime) is not 0 and var sendTimeId)
            AddSendTime(now, sendTimeId, ref writer);
        if (descriptorId != 0)
            AddDependencyDescriptor(packet, rewriting, descriptorId, ref writer);
        if (!writer.TryFinish(out var length))
            return 0;
        var size = length + payload.Length + sender.RtpOverhead + DatagramOverhead;
        var transportNumber = WriteTransportNumber(now, numberOffset, size, probeCluster);
        var written = header.AsSpan(0, length);
        var isSent = consumer.IsRepeated && Voices is { } voices && length + payload.Length + sender.RtpOverhead <= voices.Room.Length
            ? SendVoice(now, voices, fields, written, payload, transportNumber)
            : sender.SendRtp(written, payload);
        return isSent ? size : 0;
    }

    private bool SendVoice(Instant now, SentVoices voices, in RtpFields fields, ReadOnlySpan<byte> written, ReadOnlySpan<byte> payload, ushort transportNumber)
    {
        if (!sender.SendRtp(written, payload, voices.Room, out var length))
            return false;
        voices.Add(now, fields.Ssrc, fields.SequenceNumber, transportNumber, length);
        return true;
    }

    private static void RewriteDescriptor(StoredPacket packet, in Rewriting rewriting)
    {
        if (!packet.Frame.HasNumber)
            return;
        if (packet.Codec.Format == PayloadFormat.Vp8)
            packet.Vp8.Rewrite(packet.Payload, rewriting.PictureId, rewriting.BaseLayerIndex);
        else if (packet.Codec.Format == PayloadFormat.Vp9)
            packet.Vp9.Rewrite(packet.Payload, rewriting.PictureId, rewriting.BaseLayerIndex);
    }

    private static int ReserveTransportNumber(Consumer consumer, ref RtpPacketWriter writer)
    {
        var id = consumer.Extensions.IdOf(HeaderExtensionKind.TransportSequenceNumber);
        return id != 0 && writer.TryReserveExtension(id, TransportSequenceNumber.Length, out var offset) ? offset : 0;
    }

    private ushort WriteTransportNumber(Instant now, int offset, int size, int probeCluster)
    {
        if (offset == 0)
            return 0;
        var number = estimator.HandleSent(now, size, probeCluster);
        TransportSequenceNumber.TryWrite(number, header.AsSpan(offset), out _);
        return number;
    }

    private static void AddByte(Consumer consumer, HeaderExtensionKind kind, byte? value, ref RtpPacketWriter writer)
    {
        if (value is { } known && consumer.Extensions.IdOf(kind) is not 0 and var id)
            writer.AddExtension(id, [known]);
    }

    private static void AddSendTime(Instant now, byte id, ref RtpPacketWriter writer)
    {
        Span<byte> time = stackalloc byte[AbsoluteSendTime.Length];
        AbsoluteSendTime.From(now - default(Instant)).TryWrite(time, out _);
        writer.AddExtension(id, time);
    }

    private void AddDependencyDescriptor(StoredPacket packet, in Rewriting rewriting, byte id, ref RtpPacketWriter writer)
    {
        if (!writer.TryReserveExtension(id, packet.DependencyDescriptorLength, out var offset))
            return;
        packet.DependencyDescriptor.CopyTo(header.AsSpan(offset));
        Wire.Payloads.Dependencies.DependencyDescriptor.SetFrameNumber(header.AsSpan(offset, packet.DependencyDescriptorLength), rewriting.PictureId);
    }
}
