using Tocsin.Media.Wire.Rtp;
using Tocsin.Testing;

namespace Tocsin.Media.Wire.Tests.Rtp;

/// <summary>RFC 3550 section 5.1 and RFC 8285.</summary>
public sealed class RtpPacketTests
{
    private static readonly byte[] OneByteForm = Hex.Parse(
        "90 e0 12 34 00 00 00 a0 de ad be ef  be de 00 02 10 ff 31 01 02 00 00 00  61 62 63");

    private static readonly byte[] TwoByteForm = Hex.Parse(
        "b2 60 ff ff 80 00 00 00 00 00 00 01  00 00 00 02 00 00 00 03  10 00 00 03 01 00 00 20 03 0a 0b 0c 00 00 00 00  61 62 00 00 03");

    private static readonly byte[] Plain = Hex.Parse("80 00 00 01 00 00 00 02 00 00 00 03");

    private static readonly byte[][] Samples = [OneByteForm, TwoByteForm, Plain];

    [Fact]
    public void A_packet_with_the_one_byte_form_is_read()
    {
        Assert.True(RtpPacket.TryParse(OneByteForm, out var packet));
        Assert.Equal((true, 96, 0x1234, 160u, 0xDEADBEEFu), (packet.Marker, packet.PayloadType, packet.SequenceNumber, packet.Timestamp, packet.Ssrc));
        Assert.True(packet.Extensions.TryFind(1, out var value));
        Assert.Equal([0xFF], value.ToArray());
        Assert.True(packet.Extensions.TryFind(3, out value));
        Assert.Equal([1, 2], value.ToArray());
        Assert.False(packet.Extensions.TryFind(2, out _));
        Assert.Equal("abc"u8.ToArray(), packet.Payload.ToArray());
    }

    [Fact]
    public void A_packet_with_sources_padding_and_the_two_byte_form_is_read()
    {
        Assert.True(RtpPacket.TryParse(TwoByteForm, out var packet));
        Assert.Equal(2, packet.Header.CsrcCount);
        Assert.Equal("0000000200000003", Convert.ToHexString(packet.Header.CsrcBytes));
        Assert.True(packet.Extensions.TryFind(1, out var empty));
        Assert.True(empty.IsEmpty);
        Assert.True(packet.Extensions.TryFind(32, out var value));
        Assert.Equal([10, 11, 12], value.ToArray());
        Assert.Equal("ab"u8.ToArray(), packet.Payload.ToArray());
        Assert.Equal(3, packet.PaddingLength);
    }

    [Fact]
    public void A_header_is_read_where_the_payload_is_still_encrypted()
    {
        var encrypted = (byte[])TwoByteForm.Clone();
        encrypted[^1] = 0xFE; // would be padding longer than the packet
        Assert.False(RtpPacket.TryParse(encrypted, out _));
        Assert.True(RtpHeader.TryParse(encrypted, out var header));
        Assert.Equal(36, header.Length);
    }

    [Fact]
    [Trait(Fuzz.Trait, Fuzz.Parser)]
    public void Hostile_input_is_read_as_a_slow_reader_of_its_own_reads_it()
    {
        Fuzz.Readings(Samples, input =>
        {
            var way = default(HashCode);
            var naive = NaiveRtp.Read(input.ToArray());
            Assert.Equal(naive is not null, RtpPacket.TryParse(input, out var packet));
            if (naive is null)
                return way;
            var extensions = new List<(int, string)>();
            foreach (var extension in packet.Extensions)
                extensions.Add((extension.Id, Convert.ToHexString(extension.Value)));
            Assert.Equal(naive.Extensions, extensions);
            Assert.Equal(
                (naive.Marker, naive.PayloadType, naive.Sequence, naive.Timestamp, naive.Ssrc, naive.Csrc, naive.Payload, naive.Padding),
                (packet.Marker, packet.PayloadType, packet.SequenceNumber, packet.Timestamp, packet.Ssrc,
                    Convert.ToHexString(packet.Header.CsrcBytes), Convert.ToHexString(packet.Payload), packet.PaddingLength));
            way.Add((naive.Csrc.Length, naive.Padding > 0, naive.Payload.Length > 0));
            foreach (var (id, value) in extensions)
                way.Add((id is 0 or 15, value.Length));
            return way;
        });
    }

    [Fact]
    public void What_is_written_is_read_again()
    {
        Fuzz.Cases(1000, random =>
        {
            var fields = new RtpFields((byte)random.Next(128), random.Next(2) == 0, (ushort)random.Next(65536), (uint)random.NextInt64(1L << 32), (uint)random.NextInt64(1L << 32));
            var form = (HeaderExtensionForm)random.Next(2);
            var csrc = Fuzz.Bytes(random, 4 * random.Next(16));
            var payload = Fuzz.Bytes(random, random.Next(1200));
            var padding = random.Next(256);
            var elements = new List<(int, string)>();
            var buffer = new byte[3000];

            var writer = new RtpPacketWriter(buffer, fields, form);
            writer.AddContributingSources(csrc);
            for (var count = random.Next(5); count > 0; count--)
            {
                var id = (byte)random.Next(1, form == HeaderExtensionForm.OneByte ? 15 : 256);
                var value = Fuzz.Bytes(random, form == HeaderExtensionForm.OneByte ? random.Next(1, 17) : random.Next(256));
                writer.AddExtension(id, value);
                elements.Add((id, Convert.ToHexString(value)));
            }

            writer.AddPayload(payload);
            if (padding > 0)
                writer.AddPadding(padding);
            Assert.True(writer.TryFinish(out var written));

            Assert.True(RtpPacket.TryParse(buffer.AsSpan(0, written), out var packet));
            Assert.Equal(fields, RtpFields.Of(packet.Header));
            Assert.Equal(csrc, packet.Header.CsrcBytes.ToArray());
            Assert.Equal(payload, packet.Payload.ToArray());
            Assert.Equal(padding, packet.PaddingLength);
            var read = new List<(int, string)>();
            foreach (var extension in packet.Extensions)
                read.Add((extension.Id, Convert.ToHexString(extension.Value)));
            Assert.Equal(elements, read);
        });
    }

    [Fact]
    public void A_buffer_that_is_too_small_makes_the_packet_fail_not_throw()
    {
        for (var length = 0; length < 12 + 8 + 4 + 8 + 3 + 2; length++)
        {
            var writer = new RtpPacketWriter(new byte[length], new RtpFields(96, Marker: true, 1, 2, 3));
            writer.AddContributingSources(new byte[8]);
            writer.AddExtension(1, [1, 2, 3]);
            writer.AddExtension(2, [1, 2]);
            writer.AddPayload([1, 2, 3]);
            writer.AddPadding(2);
            Assert.False(writer.TryFinish(out _));
        }
    }

    [Fact]
    public void What_a_form_cannot_carry_is_refused()
    {
        foreach (var (id, length) in new[] { (0, 1), (15, 1), (1, 0), (1, 17) })
        {
            var writer = new RtpPacketWriter(new byte[100], new RtpFields(96, Marker: true, 1, 2, 3));
            writer.AddExtension((byte)id, new byte[length]);
            Assert.False(writer.TryFinish(out _));
            Assert.False(HeaderExtensionForms.CanCarry(HeaderExtensionForm.OneByte, (byte)id, length));
        }
    }

    [Fact]
    public void Fields_are_changed_where_they_stand_and_nothing_else_is()
    {
        var packet = (byte[])TwoByteForm.Clone();
        RtpRewriting.SetMarker(packet, marker: true);
        RtpRewriting.SetPayloadType(packet, 111);
        RtpRewriting.SetSequenceNumber(packet, 5);
        RtpRewriting.SetTimestamp(packet, 6);
        RtpRewriting.SetSsrc(packet, 7);
        Assert.True(RtpHeader.TryParse(packet, out var header));
        Assert.Equal(new RtpFields(111, Marker: true, 5, 6, 7), RtpFields.Of(header));
        Assert.Equal(TwoByteForm[12..], packet[12..]);
        Assert.Equal(TwoByteForm[0], packet[0]);
    }

    [Fact]
    public void Reading_and_writing_a_packet_allocates_nothing()
    {
        var buffer = new byte[200];
        var allocated = Allocation.Of(() =>
        {
            var fine = RtpPacket.TryParse(TwoByteForm, out var packet) && packet.Extensions.TryFind(32, out _);
            var writer = new RtpPacketWriter(buffer, RtpFields.Of(packet.Header), HeaderExtensionForm.TwoByte);
            foreach (var extension in packet.Extensions)
                writer.AddExtension(extension.Id, extension.Value);
            writer.AddPayload(packet.Payload);
            if (!fine || !writer.TryFinish(out _))
                throw new InvalidOperationException("the sample is no longer read");
        });
        Assert.Equal(0, allocated);
    }
}
