using Tocsin.Media.Wire.Rtp;
using Tocsin.Testing;

namespace Tocsin.Media.Wire.Tests.Rtp;

/// <summary>RFC 4588 section 4.</summary>
public sealed class RtxTests
{
    [Fact]
    public void What_is_wrapped_is_unwrapped_to_the_same_bytes()
    {
        Fuzz.Cases(300, random =>
        {
            var original = RandomPacket(random);
            var wrapped = new byte[original.Length + 2];
            Assert.True(Rtx.TryWrap(original, 97, 0x1234, 77, wrapped, out var written));
            Assert.Equal(wrapped.Length, written);
            Assert.True(RtpPacket.TryParse(wrapped, out var packet));
            Assert.Equal((97, 0x1234u, 77), (packet.PayloadType, packet.Ssrc, packet.SequenceNumber));
            Assert.True(RtpPacket.TryParse(original, out var before));
            Assert.True(Rtx.TryGetOriginalSequenceNumber(packet, out var sequenceNumber));
            Assert.Equal(before.SequenceNumber, sequenceNumber);

            Assert.True(Rtx.TryUnwrap(wrapped, before.PayloadType, before.Ssrc, out var unwrapped));
            Assert.Equal(original, unwrapped.ToArray());
        });
    }

    [Fact]
    public void A_packet_that_only_pads_holds_no_original()
    {
        var buffer = new byte[300];
        var writer = new RtpPacketWriter(buffer, new RtpFields(97, Marker: false, 1, 2, 3));
        writer.AddPadding(255);
        Assert.True(writer.TryFinish(out var written));
        var before = buffer.ToArray();
        Assert.False(Rtx.TryUnwrap(buffer.AsSpan(0, written), 96, 5, out _));
        Assert.Equal(before, buffer);
    }

    [Fact]
    [Trait(Fuzz.Trait, Fuzz.Parser)]
    public void Hostile_input_neither_throws_nor_grows()
    {
        Fuzz.Inputs([RandomPacket(new Random(1))], input =>
        {
            var copy = input.ToArray();
            if (Rtx.TryUnwrap(copy, 96, 5, out var original))
                Assert.Equal(input.Length - 2, original.Length);
            else
                Assert.Equal(input.ToArray(), copy);
            _ = Rtx.TryWrap(input, 97, 1, 2, new byte[input.Length + 1], out var written);
            Assert.Equal(0, written);
        });
    }

    private static byte[] RandomPacket(Random random)
    {
        var buffer = new byte[2000];
        var fields = new RtpFields((byte)random.Next(128), random.Next(2) == 0, (ushort)random.Next(65536), (uint)random.Next(), (uint)random.Next());
        var writer = new RtpPacketWriter(buffer, fields);
        writer.AddContributingSources(Fuzz.Bytes(random, 4 * random.Next(4)));
        writer.AddExtension(3, Fuzz.Bytes(random, random.Next(1, 17)));
        writer.AddPayload(Fuzz.Bytes(random, random.Next(1200)));
        if (random.Next(2) == 0)
            writer.AddPadding(random.Next(1, 256));
        Assert.True(writer.TryFinish(out var written));
        return buffer[..written];
    }
}
