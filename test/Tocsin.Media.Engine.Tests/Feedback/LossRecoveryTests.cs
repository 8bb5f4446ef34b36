using Tocsin.Media.Engine.Feedback;
using Tocsin.Media.Engine.Tests.Network;
using Tocsin.Media.Wire.Rtcp;
using Tocsin.Media.Wire.Rtp;
using Tocsin.Testing;

namespace Tocsin.Media.Engine.Tests.Feedback;

/// <summary>Loss recovery over a network that loses packets, requests and retransmissions alike: what is missing in the end, and what it cost.</summary>
public sealed class LossRecoveryTests
{
    private const uint MediaSsrc = 0x4444;
    private const uint RtxSsrc = 0x5555;
    private const int Packets = 20_000;
    private static readonly TimeSpan RoundTrip = TimeSpan.FromMilliseconds(62);

    private readonly Dictionary<ushort, (byte[] Packet, Instant? SentAgainAt)> _sent = [];
    private readonly NackGenerator _nacks = new();
    private readonly Queue<(Instant At, byte[] Packet)> _toReceiver = new();
    private readonly Queue<(Instant At, byte[] Datagram)> _toSender = new();
    private readonly HashSet<ushort> _received = [];
    private readonly Dictionary<ushort, Instant> _sentAt = [];
    private TimeSpan _longestRecovery;
    private long _retransmissions;

    [Theory]
    [InlineData(0.01, 0.02)]
    [InlineData(0.1, 0.2)]
    [InlineData(0.3, 0.8)]
    public void Lost_packets_are_recovered_within_a_second_and_cost_little_more_than_was_lost(double loss, double mostRetransmitted)
    {
        var forward = PathWith(loss);
        var back = PathWith(loss);
        var now = default(Instant);
        for (var millisecond = 0; millisecond < (2 * Packets) + 3000; millisecond++, now += TimeSpan.FromMilliseconds(1))
        {
            if (millisecond % 2 == 0 && millisecond < 2 * Packets)
                SendMedia(now, (ushort)(50_000 + (millisecond / 2)), forward);
            Receive(now, back);
            Answer(now, forward);
        }

        // Nothing shows the loss of what was sent before the first that arrived, nor of the very last.
        var first = Enumerable.Range(0, Packets).First(Arrived);
        Assert.InRange(first, 0, 20);
        var missing = Enumerable.Range(first, Packets - 50 - first).Count(index => !Arrived(index));
        Assert.InRange(missing, 0, loss > 0.2 ? Packets / 500 : 0);
        Assert.Equal(0, _nacks.MissingCount);
        Assert.InRange(_retransmissions, 1, mostRetransmitted * Packets);
        Assert.InRange(_longestRecovery, TimeSpan.Zero, NackGenerator.GiveUpAge + RoundTrip);
    }

    private bool Arrived(int index) => _received.Contains((ushort)(50_000 + index));

    private static SimulatedPath PathWith(double loss) =>
        new SimulatedPath(TestSeed.Random()) { Delay = TimeSpan.FromMilliseconds(30), Jitter = TimeSpan.FromMilliseconds(1), Loss = loss }
            .At(TimeSpan.Zero, BitRate.FromMegabits(20));

    private void SendMedia(Instant now, ushort number, SimulatedPath forward)
    {
        var buffer = new byte[600];
        var writer = new RtpPacketWriter(buffer, new RtpFields(96, Marker: false, number, number, MediaSsrc));
        writer.AddPayload(new byte[500]);
        Assert.True(writer.TryFinish(out var written));
        _sent[number] = (buffer[..written], null);
        _sentAt[number] = now;
        Transmit(now, buffer.AsSpan(0, written), forward);
    }

    private void Transmit(Instant now, ReadOnlySpan<byte> packet, SimulatedPath forward)
    {
        if (forward.Send(now, packet.Length) is { } arrival)
            _toReceiver.Enqueue((arrival, packet.ToArray()));
    }

    private void Receive(Instant now, SimulatedPath back)
    {
        while (_toReceiver.TryPeek(out var arrived) && arrived.At <= now)
        {
            var packet = _toReceiver.Dequeue().Packet.AsSpan();
            Assert.True(RtpHeader.TryParse(packet, out var header));
            if (header.Ssrc == RtxSsrc)
                Assert.True(Rtx.TryUnwrap(packet, 96, MediaSsrc, out packet));
            Assert.True(RtpHeader.TryParse(packet, out header));
            Assert.Equal(MediaSsrc, header.Ssrc);
            if (_received.Add(header.SequenceNumber) && now - _sentAt[header.SequenceNumber] > _longestRecovery)
                _longestRecovery = now - _sentAt[header.SequenceNumber];
            _nacks.HandlePacket(now, header.SequenceNumber);
        }

        if (_nacks.NextWakeUp > now)
            return;
        Span<ushort> lost = stackalloc ushort[256];
        var count = _nacks.CollectDue(now, RoundTrip, lost);
        if (count == 0)
            return;
        var buffer = new byte[1200];
        var writer = new RtcpWriter(buffer);
        Assert.True(writer.TryAddNack(1, MediaSsrc, lost[..count]));
        if (back.Send(now, writer.Length) is { } arrival)
            _toSender.Enqueue((arrival, buffer[..writer.Length]));
    }

    /// <summary>No packet twice within half a round trip.</summary>
    private void Answer(Instant now, SimulatedPath forward)
    {
        var buffer = new byte[1500];
        while (_toSender.TryPeek(out var request) && request.At <= now)
        {
            Assert.True(RtcpCompound.TryParse(_toSender.Dequeue().Datagram, out var compound));
            foreach (var packet in compound)
            {
                Assert.True(FeedbackMessage.TryParse(packet, out var message));
                Assert.True(GenericNack.TryParse(message, out var nack));
                foreach (var number in nack)
                {
                    if (!_sent.TryGetValue(number, out var sent) || now - sent.SentAgainAt < RoundTrip / 2)
                        continue;
                    Assert.True(Rtx.TryWrap(sent.Packet, 97, RtxSsrc, (ushort)_retransmissions++, buffer, out var written));
                    _sent[number] = (sent.Packet, now);
                    Transmit(now, buffer.AsSpan(0, written), forward);
                }
            }
        }
    }
}
