using Tocsin.Media.Forwarding.Publishing;
using Tocsin.Media.Forwarding.Tests.Parameters;
using Tocsin.Media.Forwarding.Parameters;
using Tocsin.Media.Forwarding.Tests.Simulation;
using Tocsin.Media.Wire.Rtcp;
using Tocsin.Media.Wire.Rtp;
using Tocsin.Testing;

namespace Tocsin.Media.Forwarding.Tests;

/// <summary>A participant is authentic, and may still send anything. Nothing throws, nothing grows, and the others go on.</summary>
public sealed class HostilePacketTests
{
    [Theory]
    [InlineData("video/VP8")]
    [InlineData("video/VP9")]
    [InlineData("video/H264")]
    [InlineData("video/AV1")]
    public void Noise_and_turned_bits_harm_nobody(string mimeType)
    {
        var simulation = new MeetingSimulation(TestSeed.Next());
        var random = simulation.Random;
        var (mallory, alice, bob) = (simulation.Join(), simulation.Join(), simulation.Join());
        Assert.Equal(Refusal.None, mallory.SendTransport.TryProduce(
            simulation.Now, MediaKind.Video, ProducerSource.Camera, ClientParameters.Video("9", mimeType, new RtpEncodingParameters(50, 51)), false, out var hostile));
        Assert.Equal(Refusal.None, bob.ReceiveTransport.TryConsume(simulation.Now, hostile!, SimulatedClient.Device, new(), out _));
        bob.Receiving.IsTolerant = true;
        var (producer, _) = alice.PublishCamera();
        var video = (ReceivedVideo)bob.Watch(producer);

        for (var round = 0; round < 3_000; round++)
        {
            mallory.SendTransport.HandleRtp(simulation.Now, Packet(random));
            mallory.SendTransport.HandleRtcp(simulation.Now, Report(random, bob));
            bob.ReceiveTransport.HandleRtcp(simulation.Now, Report(random, bob));
            simulation.Run(TimeSpan.FromMilliseconds(1));
        }

        simulation.Run(TimeSpan.FromSeconds(8));
        Assert.Empty(video.Faults);
        Assert.True(simulation.Now - video.LastDecodedAt < TimeSpan.FromSeconds(1), "The others stand still");
        Assert.True(simulation.Meeting.PacketMemory < 16 << 20, $"{simulation.Meeting.PacketMemory} bytes are kept");
    }

    [Fact]
    public void A_stream_that_takes_another_ssrc_with_each_packet_binds_few()
    {
        var simulation = new MeetingSimulation(TestSeed.Next());
        var mallory = simulation.Join();
        Assert.Equal(Refusal.None, mallory.SendTransport.TryProduce(
            simulation.Now, MediaKind.Video, ProducerSource.Camera, ClientParameters.Simulcast("9"), false, out var producer));
        var packet = new byte[200];
        for (var round = 0; round < 2_000; round++)
        {
            var writer = new RtpPacketWriter(packet, new RtpFields(120, true, 1, 1, (uint)(1_000 + round)));
            writer.AddExtension(4, "9"u8);
            writer.AddExtension(10, "r0"u8);
            writer.AddPayload([0x10, 0, 0, 0]);
            Assert.True(writer.TryFinish(out var length));
            mallory.SendTransport.HandleRtp(simulation.Now, packet.AsSpan(0, length));
            simulation.Run(TimeSpan.FromMilliseconds(1));
        }

        Assert.True(producer!.Streams[0].Incarnation <= 2, $"{producer.Streams[0].Incarnation} incarnations");
        Assert.True(mallory.SendTransport.Statistics.UnknownPackets > 1_900);
    }

    private static byte[] Packet(Random random)
    {
        var payload = new byte[random.Next(0, 60)];
        random.NextBytes(payload);
        var packet = new byte[300];
        var fields = new RtpFields((byte)(random.Next(8) == 0 ? 121 : 120), random.Next(2) == 0, (ushort)random.Next(65536), (uint)random.Next(), (uint)random.Next(50, 52));
        var writer = new RtpPacketWriter(packet, fields, random.Next(2) == 0 ? HeaderExtensionForm.OneByte : HeaderExtensionForm.TwoByte);
        var descriptor = new byte[random.Next(1, 16)];
        random.NextBytes(descriptor);
        writer.AddExtension(12, descriptor);
        writer.AddExtension(3, [(byte)random.Next(256), (byte)random.Next(256)]);
        writer.AddPayload(payload);
        Assert.True(writer.TryFinish(out var length));
        if (random.Next(3) == 0)
            packet[random.Next(length)] ^= (byte)(1 << random.Next(8));
        return packet[..(random.Next(10) == 0 ? random.Next(length) : length)];
    }

    private static byte[] Report(Random random, SimulatedClient victim)
    {
        var ssrcs = victim.ReceiveTransport.Consumers.Select(consumer => consumer.Ssrc).Append(50u).ToArray();
        var ssrc = ssrcs[random.Next(ssrcs.Length)];
        var packet = new byte[400];
        var writer = new RtcpWriter(packet);
        writer.TryAddNack(1, ssrc, [(ushort)random.Next(65536)]);
        writer.TryAddPictureLossIndication(1, ssrc);
        writer.TryAddFullIntraRequest(1, [new(ssrc, (byte)random.Next(256))]);
        writer.TryAddSenderReport(new(50, (ulong)random.NextInt64(), (uint)random.Next(), 1, 1), [new(ssrc, 255, 1, 1, 1, 1, 1)]);
        writer.TryAddTransportWideFeedback(
            new(1, ssrc, (byte)random.Next(256), random.Next(65536)), [new(random.Next(65536, 131072), random.Next())], out _);
        if (random.Next(2) == 0)
            packet[random.Next(writer.Length)] ^= (byte)(1 << random.Next(8));
        return packet[..writer.Length];
    }
}
