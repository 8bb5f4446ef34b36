using System.Buffers.Binary;
using Tocsin.Media.Engine.Dtls;
using Tocsin.Media.Engine.Ice;
using Tocsin.Media.Engine.Peers;
using Tocsin.Media.Engine.Tests.Ice;
using Tocsin.Testing;

namespace Tocsin.Media.Engine.Tests.Peers;

public sealed class PeerTests
{
    [Theory]
    [InlineData(false, null)]
    [InlineData(true, null)]
    [InlineData(false, "SRTP_AES128_CM_SHA1_80")]
    public void Media_go_both_ways_once_both_ends_are_connected(bool nominatesAtOnce, string? srtpProfiles)
    {
        using var simulation = new PeerSimulation(TestSeed.Random(), nominatesAtOnce, srtpProfiles);
        simulation.Connect();
        Assert.Equal([PeerState.Connecting, PeerState.Connected], simulation.States);
        Assert.InRange(simulation.Now.Nanoseconds, 1_000_000_000, 1_060_000_000);

        for (ushort sequence = 0; sequence < 100; sequence++)
        {
            simulation.Browser.SendRtp(Rtp(sequence, 1));
            simulation.Browser.SendRtcp(Rtcp(1, (byte)sequence));
            Assert.True(simulation.Peer.SendRtp(Rtp(sequence, 2).AsSpan(0, 12), Rtp(sequence, 2).AsSpan(12)));
            Assert.True(simulation.Peer.SendRtcp(Rtcp(2, (byte)sequence)));
        }
        simulation.Run(TimeSpan.FromMilliseconds(20));
        Assert.Equal(Enumerable.Range(0, 100).Select(n => Rtp((ushort)n, 1)), simulation.Rtp);
        Assert.Equal(Enumerable.Range(0, 100).Select(n => Rtcp(1, (byte)n)), simulation.Rtcp);
        Assert.Equal(Enumerable.Range(0, 100).Select(n => Rtp((ushort)n, 2)), simulation.Browser.Rtp);
        Assert.Equal(Enumerable.Range(0, 100).Select(n => Rtcp(2, (byte)n)), simulation.Browser.Rtcp);

        var statistics = simulation.Peer.Statistics;
        Assert.Equal((200, 200, 0, 0), (statistics.MediaIn.Ok, statistics.MediaOut.Ok, statistics.Strangers, statistics.TooEarly));
        Assert.True(statistics.DatagramsIn > 200 && statistics.SizeIn > new DataSize(14_000) && statistics.SizeOut > new DataSize(14_000));
    }

    [Fact]
    public void Both_ends_connect_over_a_bad_network_and_what_arrives_is_what_was_sent()
    {
        var seed = TestSeed.Next();
        for (var round = 0; round < 15; round++)
        {
            var random = new Random(seed + round);
            using var simulation = new PeerSimulation(random, nominatesAtOnce: random.Next(2) == 0)
            {
                // The client gives up after twelve repeats: all in vain in four of 4,000 runs at half, so in less than one of ten millions here.
                LossPercent = random.Next(20),
                Jitter = TimeSpan.FromMilliseconds(random.Next(60)),
                StepDuration = TimeSpan.FromMilliseconds(random.Next(10)),
            };
            simulation.Connect();
            // From shortly before the sequence number wraps around.
            for (var n = 65_000; n < 66_200; n++)
            {
                simulation.Browser.SendRtp(Rtp((ushort)n, 1));
                simulation.Peer.SendRtp(Rtp((ushort)n, 2).AsSpan(0, 12), Rtp((ushort)n, 2).AsSpan(12));
                simulation.Run(TimeSpan.FromMilliseconds(1));
            }
            simulation.Run(TimeSpan.FromMilliseconds(200));
            AssertSubset(simulation.Rtp, 1, 1_200, simulation.LossPercent);
            AssertSubset(simulation.Browser.Rtp, 2, 1_200, simulation.LossPercent);
            Assert.Equal(0, simulation.Peer.Statistics.MediaIn.Forged);
        }
    }

    [Fact]
    public void The_last_flight_is_sent_again_until_the_first_packet_that_is_protected_with_its_keys()
    {
        foreach (var report in (bool[])[false, true])
        {
            using var simulation = new PeerSimulation(TestSeed.Random());
            simulation.Connect();
            var once = simulation.DtlsDatagramsToBrowser;
            simulation.Run(TimeSpan.FromMilliseconds(160));
            Assert.Equal(once + 2, simulation.DtlsDatagramsToBrowser);
            if (report) simulation.Browser.SendRtcp(Rtcp(1, 1));
            else simulation.Browser.SendRtp(Rtp(1, 1));
            simulation.Run(TimeSpan.FromSeconds(5));
            Assert.Equal(once + 2, simulation.DtlsDatagramsToBrowser);
        }
    }

    [Fact]
    public void Dtls_and_media_from_an_address_that_has_not_shown_the_password_are_dropped()
    {
        using var simulation = new PeerSimulation(TestSeed.Random());
        foreach (var hello in simulation.Browser.Dtls.Start()) simulation.Peer.HandleDatagram(simulation.Now, hello, IceTestClient.Path(1));
        Assert.Equal(0, simulation.PendingSteps);
        Assert.Equal(PeerState.New, simulation.Peer.State);
        Assert.Equal(2, simulation.Peer.Statistics.Strangers);

        using var connected = new PeerSimulation(TestSeed.Random());
        connected.Connect();
        var packet = connected.Browser.ProtectRtp(Rtp(1, 1));
        connected.Peer.HandleDatagram(connected.Now, (byte[])packet.Clone(), IceTestClient.Path(2));
        Assert.Empty(connected.Rtp);
        connected.Peer.HandleDatagram(connected.Now, packet, IceTestClient.Path(1));
        Assert.Single(connected.Rtp);
    }

    [Fact]
    public void Media_before_there_are_keys_are_counted_and_dropped()
    {
        using var simulation = new PeerSimulation(TestSeed.Random());
        simulation.Peer.HandleDatagram(simulation.Now, simulation.Browser.Check(nominates: true), IceTestClient.Path(1));
        simulation.Peer.HandleDatagram(simulation.Now, Rtp(1, 1), IceTestClient.Path(1));
        Assert.False(simulation.Peer.SendRtp(Rtp(1, 2).AsSpan(0, 12), default));
        Assert.False(simulation.Peer.SendRtcp(Rtcp(1, 1)));
        Assert.Equal(3, simulation.Peer.Statistics.TooEarly);
        Assert.Equal(0, simulation.Peer.RtpOverhead);
    }

    [Fact]
    public void Connect_may_come_after_the_handshake()
    {
        using var simulation = new PeerSimulation(TestSeed.Random());
        simulation.RunUntil(() => simulation.Browser.HasKeys, TimeSpan.FromSeconds(1));
        simulation.Browser.SendRtp(Rtp(1, 1));
        simulation.Run(TimeSpan.FromMilliseconds(10));
        Assert.Equal(PeerState.Connecting, simulation.Peer.State);
        Assert.Empty(simulation.Rtp);
        simulation.Peer.ExpectFingerprint(simulation.Now, simulation.Browser.Dtls.Certificate.Fingerprint);
        Assert.Equal(PeerState.Connected, simulation.Peer.State);
    }

    [Fact]
    public void A_participant_with_another_certificate_gets_no_media()
    {
        using var simulation = new PeerSimulation(TestSeed.Random());
        simulation.Peer.ExpectFingerprint(simulation.Now, PeerSimulation.Context.Fingerprint);
        Assert.True(simulation.RunUntil(() => simulation.Peer.State == PeerState.Failed, TimeSpan.FromSeconds(1)));
        Assert.Equal(DtlsFailure.FingerprintMismatch, simulation.Peer.Failure);
        simulation.Run(TimeSpan.FromMilliseconds(20));
        simulation.Browser.SendRtp(Rtp(1, 1));
        simulation.Run(TimeSpan.FromMilliseconds(20));
        Assert.Empty(simulation.Rtp);
        Assert.False(simulation.Peer.SendRtp(Rtp(1, 2).AsSpan(0, 12), default));
        Assert.Equal(DtlsProgress.Closed, simulation.Browser.Dtls.Progress);
        Assert.Equal(Instant.Never, simulation.Peer.NextWakeUp);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Media_follow_the_participant_to_another_network(bool nominatesAtOnce)
    {
        using var simulation = new PeerSimulation(TestSeed.Random(), nominatesAtOnce);
        simulation.Connect();
        simulation.Run(TimeSpan.FromSeconds(1));
        simulation.Browser.Path = IceTestClient.Path(2, PathProtocol.Tcp);
        var sequence = 0;
        Assert.True(simulation.RunUntil(
            () =>
            {
                simulation.Peer.SendRtp(Rtp((ushort)sequence, 2).AsSpan(0, 12), default);
                simulation.Browser.SendRtp(Rtp((ushort)sequence++, 1));
                return simulation.Browser.MediaPaths.Contains(simulation.Browser.Path);
            },
            TimeSpan.FromSeconds(6)));
        Assert.NotEmpty(simulation.Rtp);
        Assert.Equal([PeerState.Connecting, PeerState.Connected], simulation.States);
    }

    [Fact]
    public void Consent_that_ends_stops_media_and_its_return_needs_no_new_handshake()
    {
        using var simulation = new PeerSimulation(TestSeed.Random());
        simulation.Connect();
        simulation.Browser.IsOnline = false;
        Assert.True(simulation.RunUntil(() => simulation.Peer.State == PeerState.Disconnected, TimeSpan.FromSeconds(31)));
        Assert.False(simulation.Peer.SendRtp(Rtp(1, 2).AsSpan(0, 12), default));
        simulation.Browser.IsOnline = true;
        Assert.True(simulation.RunUntil(() => simulation.Peer.State == PeerState.Connected, TimeSpan.FromSeconds(3)));
        Assert.True(simulation.Peer.SendRtp(Rtp(1, 2).AsSpan(0, 12), default));
        simulation.Run(TimeSpan.FromMilliseconds(10));
        Assert.Single(simulation.Browser.Rtp);
    }

    [Fact]
    public void Media_go_on_through_an_ice_restart()
    {
        using var simulation = new PeerSimulation(TestSeed.Random());
        simulation.Connect();
        var fresh = IceCredentials.Create();
        simulation.Peer.RestartIce(fresh);
        for (ushort sequence = 0; sequence < 60; sequence++)
        {
            if (sequence == 20)
            {
                simulation.Browser.Path = IceTestClient.Path(2);
                simulation.Browser.UseCredentials(fresh);
                simulation.Run(TimeSpan.FromMilliseconds(200));
            }
            Assert.True(simulation.Peer.SendRtp(Rtp(sequence, 2).AsSpan(0, 12), default));
            simulation.Browser.SendRtp(Rtp(sequence, 1));
            simulation.Run(TimeSpan.FromSeconds(1));
        }
        Assert.Equal(60, simulation.Rtp.Count);
        Assert.Equal(60, simulation.Browser.Rtp.Count);
        Assert.Equal(IceTestClient.Path(2), simulation.Browser.MediaPaths[^1]);
        Assert.Equal([PeerState.Connecting, PeerState.Connected], simulation.States);
    }

    [Fact]
    public void A_connection_that_ends_takes_its_path_with_it()
    {
        using var simulation = new PeerSimulation(TestSeed.Random());
        simulation.Browser.Path = IceTestClient.Path(1, PathProtocol.Tcp);
        simulation.Connect();
        simulation.Peer.RemovePath(simulation.Now, simulation.Browser.Path);
        Assert.Equal(PeerState.Disconnected, simulation.Peer.State);
    }

    [Fact]
    public void Either_side_may_say_goodbye()
    {
        using var ours = new PeerSimulation(TestSeed.Random());
        ours.Connect();
        ours.Peer.Close(ours.Now);
        Assert.Equal(PeerState.Closed, ours.Peer.State);
        Assert.True(ours.RunUntil(() => ours.Browser.Dtls.Progress == DtlsProgress.Closed, TimeSpan.FromSeconds(1)));

        using var theirs = new PeerSimulation(TestSeed.Random());
        theirs.Connect();
        theirs.Browser.SayGoodbye();
        Assert.True(theirs.RunUntil(() => theirs.Peer.State == PeerState.Closed, TimeSpan.FromSeconds(1)));
        Assert.Equal(PeerState.Closed, theirs.States[^1]);
    }

    [Fact]
    public void A_peer_disposed_of_in_the_middle_of_a_step_takes_it_back_in_peace()
    {
        using var simulation = new PeerSimulation(TestSeed.Random());
        Assert.True(simulation.RunUntil(() => simulation.PendingSteps > 0, TimeSpan.FromSeconds(1)));
        simulation.Peer.Dispose();
        simulation.Peer.HandleDatagram(simulation.Now, Rtp(1, 1), IceTestClient.Path(1));
        simulation.FinishStep();
        simulation.Peer.HandleTimeout(simulation.Now);
        Assert.Equal(PeerState.Closed, simulation.Peer.State);
        Assert.Equal(Instant.Never, simulation.Peer.NextWakeUp);
    }

    [Fact]
    public void No_datagram_whatever_its_content_breaks_a_peer()
    {
        var random = TestSeed.Random();
        using var simulation = new PeerSimulation(random);
        for (var phase = 0; phase < 3; phase++)
        {
            if (phase == 1) simulation.Peer.HandleDatagram(simulation.Now, simulation.Browser.Check(nominates: false), IceTestClient.Path(1));
            if (phase == 2) simulation.Connect();
            var samples = new List<byte[]> { simulation.Browser.Check(nominates: true), Rtp(3, 1), Rtcp(1, 3) };
            if (phase == 2) samples.Add(simulation.Browser.ProtectRtp(Rtp(900, 1)));
            for (var round = 0; round < 3_000; round++)
            {
                var datagram = Changed(random, samples[random.Next(samples.Count)]);
                simulation.Peer.HandleDatagram(simulation.Now, datagram, IceTestClient.Path(random.Next(3)));
            }
        }
        Assert.Equal(PeerState.Connected, simulation.Peer.State);
        simulation.Browser.SendRtp(Rtp(901, 1));
        simulation.Run(TimeSpan.FromMilliseconds(10));
        Assert.Equal(Rtp(901, 1), simulation.Rtp[^1]);
    }

    [Fact]
    public void A_connected_peer_allocates_nothing()
    {
        using var simulation = new PeerSimulation(TestSeed.Random());
        simulation.Connect();
        var sink = new Sink();
        // The same keys, and a sink that keeps nothing: the peer's own share.
        var peer = new Peer(PeerSimulation.Context, simulation.Peer.Credentials, sink, sink, sink);
        using (peer)
        {
            sink.Connect(peer, simulation);
            var packets = Enumerable.Range(1_000, 52).Select(n => sink.Browser!.ProtectRtp(Rtp((ushort)n, 1))).ToArray();
            var check = sink.Browser!.Check(nominates: true);
            var stranger = IceTestClient.Path(9);
            var plain = Rtp(0, 2);
            ushort sequence = 0;
            var next = 0;
            Assert.Equal(0, Allocation.Of(() =>
            {
                peer.HandleDatagram(sink.Now, packets[next++], IceTestClient.Path(1));
                peer.HandleDatagram(sink.Now, check, IceTestClient.Path(1));
                peer.HandleDatagram(sink.Now, plain, stranger);
                BinaryPrimitives.WriteUInt16BigEndian(plain.AsSpan(2), sequence++);
                peer.SendRtp(plain.AsSpan(0, 12), plain.AsSpan(12));
                peer.SendRtcp(plain.AsSpan(0, 40));
                peer.HandleTimeout(sink.Now);
            }));
            Assert.Equal(52, sink.Packets);
            Assert.Equal((52, 104), (peer.Statistics.MediaIn.Ok, peer.Statistics.MediaOut.Ok));
        }
        sink.Browser!.Dispose();
    }

    private static byte[] Rtp(ushort sequence, uint ssrc)
    {
        var packet = new byte[112];
        packet[0] = 0x80;
        packet[1] = 96;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), sequence);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(8), ssrc);
        packet.AsSpan(12).Fill((byte)sequence);
        return packet;
    }

    private static byte[] Rtcp(uint ssrc, byte content)
    {
        var packet = new byte[12];
        (packet[0], packet[1], packet[3], packet[11]) = (0x80, 206, 2, content);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), ssrc);
        return packet;
    }

    private static byte[] Changed(Random random, byte[] sample)
    {
        var bytes = (byte[])sample.Clone();
        for (var change = random.Next(1, 6); change > 0; change--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        return random.Next(3) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
    }

    private static void AssertSubset(List<byte[]> received, uint ssrc, int sent, int lossPercent)
    {
        var numbers = received.Select(packet => BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(2))).ToList();
        Assert.Equal(numbers.Count, numbers.Distinct().Count());
        Assert.All(received, packet => Assert.Equal(Rtp(BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(2)), ssrc), packet));
        Assert.InRange(received.Count, sent * (100 - lossPercent - 8) / 100, sent);
    }

    /// <summary>A host that keeps nothing.</summary>
    private sealed class Sink : IPeerMedia, IDatagramOutput, IPeerEvents
    {
        private readonly byte[] _buffer = new byte[2_048];
        private readonly Queue<DtlsStep> _steps = new();
        private readonly Queue<byte[]> _toBrowser = new();
        private bool _isConnected;

        public int Packets { get; private set; }

        public TestBrowser? Browser { get; private set; }

        public Instant Now { get; private set; }

        public void Connect(Peer peer, PeerSimulation simulation)
        {
            Now = simulation.Now;
            Browser = new(peer.Credentials, new Random(1), nominatesAtOnce: true, (path, datagram) => peer.HandleDatagram(Now, datagram, path));
            peer.ExpectFingerprint(Now, Browser.Dtls.Certificate.Fingerprint);
            Browser.HandleTimeout(Now);
            while (peer.State != PeerState.Connected || !Browser.HasKeys)
            {
                if (_toBrowser.TryDequeue(out var datagram))
                {
                    Browser.Receive(Now, IceTestClient.Path(1), datagram);
                    continue;
                }
                var step = _steps.Dequeue();
                step.Run();
                peer.FinishHandshakeStep(Now, step);
            }
            _isConnected = true;
        }

        public void OnRtp(Instant now, Peer peer, Span<byte> packet) => Packets++;

        public void OnRtcp(Instant now, Peer peer, Span<byte> packet) => Packets++;

        public Span<byte> Reserve(int length) => _buffer.AsSpan(0, length);

        public void Send(in NetworkPath path, int length)
        {
            if (!_isConnected) _toBrowser.Enqueue(_buffer[..length]);
        }

        public void OnStateChanged(Instant now, Peer peer)
        {
        }

        public void OnHandshakeStep(Peer peer, DtlsStep step) => _steps.Enqueue(step);
    }
}
