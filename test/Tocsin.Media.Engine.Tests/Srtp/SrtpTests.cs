using System.Buffers.Binary;
using Tocsin.Media.Engine.Srtp;
using Tocsin.Testing;

namespace Tocsin.Media.Engine.Tests.Srtp;

public sealed class SrtpTests
{
    private const uint Ssrc = 0xDECAFBAD;

    public static TheoryData<SrtpProfile> Profiles => [SrtpProfile.AeadAes128Gcm, SrtpProfile.Aes128CmHmacSha1_80];

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Rtp_is_protected_as_the_reference_does_and_comes_out_as_it_went_in(SrtpProfile profile)
    {
        var random = TestSeed.Random();
        var (keyBytes, saltBytes) = Chance(profile, random);
        var reference = new ReferenceSrtp(profile, keyBytes, saltBytes);
        using var key = new SrtpMasterKey(profile, keyBytes, saltBytes);
        using var sender = new SrtpSender(key);
        using var receiver = new SrtpReceiver(key);
        var sequence = (ushort)random.Next(1 << 15);
        for (var round = 0; round < 300; round++)
        {
            var (packet, headerLength) = Rtp(random, sequence++, Ssrc);
            var inPlace = random.Next(2) == 0;
            var buffer = new byte[packet.Length + sender.RtpOverhead];
            packet.CopyTo(buffer, 0);
            ReadOnlySpan<byte> source = inPlace ? buffer : packet;

            Assert.Equal(SrtpResult.Ok, sender.ProtectRtp(source[..headerLength], source[headerLength..packet.Length], buffer, out var written));
            Assert.Equal(reference.ProtectRtp(packet, headerLength, Ssrc, (ulong)(sequence - 1)), buffer[..written]);

            var plain = inPlace ? buffer : new byte[buffer.Length];
            Assert.Equal(SrtpResult.Ok, receiver.UnprotectRtp(buffer.AsSpan(0, written), plain, out var plainLength));
            Assert.Equal(packet, plain[..plainLength]);
        }
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Rtcp_is_protected_as_the_reference_does_and_comes_out_as_it_went_in(SrtpProfile profile)
    {
        var random = TestSeed.Random();
        var (keyBytes, saltBytes) = Chance(profile, random);
        var reference = new ReferenceSrtp(profile, keyBytes, saltBytes);
        using var key = new SrtpMasterKey(profile, keyBytes, saltBytes);
        using var sender = new SrtpSender(key);
        using var receiver = new SrtpReceiver(key);
        for (var index = 0u; index < 300; index++)
        {
            var ssrc = Ssrc + index % 3;
            var packet = Rtcp(random, ssrc);
            var inPlace = random.Next(2) == 0;
            var buffer = new byte[packet.Length + sender.RtcpOverhead];
            packet.CopyTo(buffer, 0);

            Assert.Equal(SrtpResult.Ok, sender.ProtectRtcp(inPlace ? buffer.AsSpan(0, packet.Length) : packet, buffer, out var written));
            Assert.Equal(reference.ProtectRtcp(packet, ssrc, index), buffer[..written]);

            var plain = inPlace ? buffer : new byte[buffer.Length];
            Assert.Equal(SrtpResult.Ok, receiver.UnprotectRtcp(buffer.AsSpan(0, written), plain, out var plainLength));
            Assert.Equal(packet, plain[..plainLength]);
        }
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Every_turned_bit_of_an_rtp_packet_is_refused(SrtpProfile profile)
    {
        using var pair = new Pair(profile);
        var (packet, headerLength) = Rtp(TestSeed.Random(), 4711, Ssrc);
        var genuine = pair.ProtectRtp(packet, headerLength);
        for (var bit = 0; bit < genuine.Length * 8; bit++)
        {
            var turned = (byte[])genuine.Clone();
            turned[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotEqual(SrtpResult.Ok, pair.Receiver.UnprotectRtp(turned, turned, out var written));
            Assert.Equal(0, written);
        }
        Assert.Equal(0, pair.Receiver.Statistics.Ok);
        Assert.Equal(genuine.Length * 8, pair.Receiver.Statistics.Forged + pair.Receiver.Statistics.Malformed);
        Assert.Equal(SrtpResult.Ok, pair.UnprotectRtp(genuine));
    }

    /// <summary>The oracle is what was protected: nothing else opens, and that opens to what it was.</summary>
    [Theory]
    [Trait(Fuzz.Trait, Fuzz.Parser)]
    [MemberData(nameof(Profiles))]
    public void Hostile_input_opens_only_where_it_is_what_was_protected(SrtpProfile profile)
    {
        var random = new Random(1);
        using var pair = new Pair(profile);
        var genuine = new Dictionary<string, byte[]>();
        for (ushort number = 1; number <= 3; number++)
        {
            var (packet, headerLength) = Rtp(random, number, Ssrc);
            genuine[Convert.ToHexString(pair.ProtectRtp(packet, headerLength))] = packet;
            var report = Rtcp(random, Ssrc);
            genuine[Convert.ToHexString(pair.ProtectRtcp(report))] = report;
        }

        Fuzz.Readings([.. genuine.Keys.Select(Convert.FromHexString)], input =>
        {
            var plain = new byte[input.Length];
            var rtp = pair.Receiver.UnprotectRtp(input, plain, out var written);
            if (rtp == SrtpResult.Ok)
                Assert.Equal(genuine[Convert.ToHexString(input)], plain[..written]);
            var rtcp = pair.Receiver.UnprotectRtcp(input, plain, out written);
            if (rtcp == SrtpResult.Ok)
                Assert.Equal(genuine[Convert.ToHexString(input)], plain[..written]);
            var way = default(HashCode);
            way.Add((rtp, rtcp));
            return way;
        });
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Every_turned_bit_of_an_rtcp_packet_is_refused(SrtpProfile profile)
    {
        using var pair = new Pair(profile);
        var genuine = pair.ProtectRtcp(Rtcp(TestSeed.Random(), Ssrc));
        for (var bit = 0; bit < genuine.Length * 8; bit++)
        {
            var turned = (byte[])genuine.Clone();
            turned[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotEqual(SrtpResult.Ok, pair.Receiver.UnprotectRtcp(turned, turned, out _));
        }
        Assert.Equal(0, pair.Receiver.Statistics.Ok);
        Assert.Equal(SrtpResult.Ok, pair.UnprotectRtcp(genuine));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void A_packet_cut_anywhere_or_made_of_noise_is_refused(SrtpProfile profile)
    {
        var random = TestSeed.Random();
        using var pair = new Pair(profile);
        var (packet, headerLength) = Rtp(random, 17, Ssrc);
        var rtp = pair.ProtectRtp(packet, headerLength);
        var rtcp = pair.ProtectRtcp(Rtcp(random, Ssrc));
        for (var length = 0; length < rtp.Length; length++) Assert.NotEqual(SrtpResult.Ok, pair.UnprotectRtp(rtp[..length]));
        for (var length = 0; length < rtcp.Length; length++) Assert.NotEqual(SrtpResult.Ok, pair.UnprotectRtcp(rtcp[..length]));
        for (var round = 0; round < 5_000; round++)
        {
            var noise = new byte[random.Next(100)];
            random.NextBytes(noise);
            if (noise.Length > 0) noise[0] = (byte)(0x80 | (noise[0] & 0x3F));
            Assert.NotEqual(SrtpResult.Ok, pair.UnprotectRtp(noise));
            Assert.NotEqual(SrtpResult.Ok, pair.UnprotectRtcp(noise));
        }
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Replayed_srtp_packet_is_dropped_and_counted(SrtpProfile profile)
    {
        using var pair = new Pair(profile);
        var (packet, headerLength) = Rtp(TestSeed.Random(), 1, Ssrc);
        var rtp = pair.ProtectRtp(packet, headerLength);
        var rtcp = pair.ProtectRtcp(Rtcp(TestSeed.Random(), Ssrc));

        Assert.Equal(SrtpResult.Ok, pair.UnprotectRtp(rtp));
        Assert.Equal(SrtpResult.Replayed, pair.UnprotectRtp(rtp));
        Assert.Equal(SrtpResult.Ok, pair.UnprotectRtcp(rtcp));
        Assert.Equal(SrtpResult.Replayed, pair.UnprotectRtcp(rtcp));
        Assert.Equal(2, pair.Receiver.Statistics.Replayed);
    }

    [Fact]
    public void A_packet_older_than_the_window_is_dropped_even_if_it_was_never_received()
    {
        using var pair = new Pair(SrtpProfile.AeadAes128Gcm);
        var early = Enumerable.Range(0, 3).Select(sequence => pair.ProtectRtp(Empty((ushort)sequence), 12)).ToArray();
        var late = pair.ProtectRtp(Empty(1024 + 1), 12);

        Assert.Equal(SrtpResult.Ok, pair.UnprotectRtp(early[0]));
        Assert.Equal(SrtpResult.Ok, pair.UnprotectRtp(late));
        Assert.Equal(SrtpResult.TooOld, pair.UnprotectRtp(early[1]));
        Assert.Equal(SrtpResult.Ok, pair.UnprotectRtp(early[2]));
        Assert.Equal(1, pair.Receiver.Statistics.TooOld);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Sequence_numbers_wrap_around_under_loss_reordering_and_duplication(SrtpProfile profile)
    {
        var random = TestSeed.Random();
        using var pair = new Pair(profile);
        var network = new PriorityQueue<(int Number, byte[] Packet), int>();
        var delivered = new HashSet<int>();
        var duplicates = 0;
        // Three and a half turns; steps of up to 40 numbers, as a sender that pauses layers makes them; delays of up to 200 packets.
        for (var number = random.Next(1 << 15); number < 230_000; number += random.Next(1, 40))
        {
            var packet = pair.ProtectRtp(Empty((ushort)number), 12);
            if (random.Next(10) == 0) continue;
            network.Enqueue((number, packet), number + random.Next(200));
            if (random.Next(20) == 0) network.Enqueue((number, packet), number + random.Next(200));
            while (network.TryPeek(out var next, out var due) && due <= number)
            {
                network.Dequeue();
                var expected = delivered.Add(next.Number) ? SrtpResult.Ok : SrtpResult.Replayed;
                if (expected == SrtpResult.Replayed) duplicates++;
                Assert.Equal(expected, pair.UnprotectRtp(next.Packet));
            }
        }
        Assert.True(delivered.Max() > 3 * 65_536 && duplicates > 0);
        Assert.Equal(delivered.Count, pair.Receiver.Statistics.Ok);
        Assert.Equal(duplicates, pair.Receiver.Statistics.Replayed);
    }

    [Fact]
    public void The_index_is_the_one_nearest_to_the_highest_so_far()
    {
        var random = TestSeed.Random();
        for (var round = 0; round < 20_000; round++)
        {
            var highest = random.NextInt64(1L << 20);
            var sequence = (ushort)random.Next(1 << 16);
            var guess = RolloverCounter.GuessIndex(highest, sequence);
            Assert.Equal(sequence, (ushort)guess);
            Assert.InRange(guess - highest, -32_768, 32_768);
        }
        Assert.Equal(40_000, RolloverCounter.GuessIndex(-1, 40_000));
    }

    [Fact]
    public void The_replay_window_agrees_with_a_list_of_all_that_was_seen()
    {
        var random = TestSeed.Random();
        var window = new ReplayWindow(1024);
        var seen = new HashSet<long>();
        var highest = -1L;
        for (var round = 0; round < 50_000; round++)
        {
            var index = Math.Max(0, highest + random.Next(-1100, random.Next(50) == 0 ? 3000 : 20));
            var expected = index <= highest - 1024 ? SrtpResult.TooOld : seen.Contains(index) ? SrtpResult.Replayed : SrtpResult.Ok;
            Assert.Equal(expected, window.Check(index));
            if (expected != SrtpResult.Ok) continue;
            window.MarkSeen(index);
            seen.Add(index);
            highest = Math.Max(highest, index);
        }
    }

    [Fact]
    public void No_index_is_ever_sent_twice()
    {
        using var pair = new Pair(SrtpProfile.AeadAes128Gcm);
        pair.ProtectRtp(Empty(9), 12);
        var again = new byte[64];
        Assert.Equal(SrtpResult.Replayed, pair.Sender.ProtectRtp(Empty(9), "another payload"u8, again, out var written));
        Assert.Equal(0, written);
        Assert.Equal(new byte[64], again);
        pair.ProtectRtp(Empty(200), 12);
        Assert.Equal(SrtpResult.TooOld, pair.Sender.ProtectRtp(Empty(10), default, again, out _));
    }

    [Fact]
    public void The_last_srtcp_index_is_sent_and_none_after_it()
    {
        using var key = Key(SrtpProfile.AeadAes128Gcm);
        using var sender = new SrtpSender(SrtpCipher.CreateEncryption(key), firstRtcpIndex: 0x7FFF_FFFF);
        using var receiver = new SrtpReceiver(key);
        var buffer = new byte[64];
        Assert.Equal(SrtpResult.Ok, sender.ProtectRtcp(Rtcp(new Random(1), Ssrc).AsSpan(0, 8), buffer, out var written));
        Assert.Equal(SrtpResult.Ok, receiver.UnprotectRtcp(buffer.AsSpan(0, written), buffer, out _));
        Assert.Equal(SrtpResult.KeyExhausted, sender.ProtectRtcp(buffer.AsSpan(0, 8), buffer, out _));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Srtcp_that_says_it_is_not_encrypted_is_refused(SrtpProfile profile)
    {
        using var pair = new Pair(profile);
        var packet = pair.ProtectRtcp(Rtcp(TestSeed.Random(), Ssrc));
        packet[profile == SrtpProfile.AeadAes128Gcm ? ^4 : ^14] &= 0x7F;
        Assert.Equal(SrtpResult.NotEncrypted, pair.UnprotectRtcp(packet));
    }

    [Fact]
    public void The_source_idle_longest_makes_room_for_a_new_one()
    {
        using var pair = new Pair(SrtpProfile.AeadAes128Gcm);
        var packets = Enumerable.Range(0, SrtpReceiver.MaximumSources + 1).Select(n => pair.ProtectRtp(Empty(7, (uint)n), 12)).ToArray();
        var more = pair.ProtectRtp(Empty(8, 0), 12);
        foreach (var packet in packets[..^1]) Assert.Equal(SrtpResult.Ok, pair.UnprotectRtp(packet));
        Assert.Equal(SrtpResult.Ok, pair.UnprotectRtp(more));
        Assert.Equal(SrtpResult.Ok, pair.UnprotectRtp(packets[^1]));

        Assert.Equal(SrtpResult.Replayed, pair.UnprotectRtp(packets[0]));
        Assert.Equal(SrtpResult.Ok, pair.UnprotectRtp(packets[1]));
    }

    [Fact]
    public void A_sender_serves_a_bounded_number_of_sources()
    {
        using var pair = new Pair(SrtpProfile.AeadAes128Gcm);
        for (var ssrc = 0u; ssrc < SrtpSender.MaximumSources; ssrc++) pair.ProtectRtp(Empty(1, ssrc), 12);
        Assert.Equal(SrtpResult.TooManySources, pair.Sender.ProtectRtp(Empty(1, SrtpSender.MaximumSources), default, new byte[64], out _));
        pair.ProtectRtp(Empty(2, 5), 12);
    }

    [Fact]
    public void Forged_packets_leave_no_trace()
    {
        using var pair = new Pair(SrtpProfile.AeadAes128Gcm);
        var first = pair.ProtectRtp(Empty(1), 12);
        var second = pair.ProtectRtp(Empty(2), 12);
        Assert.Equal(SrtpResult.Ok, pair.UnprotectRtp(first));
        for (var sequence = 0; sequence < 65_536; sequence += 977)
        {
            var forged = (byte[])second.Clone();
            BinaryPrimitives.WriteUInt16BigEndian(forged.AsSpan(2), (ushort)sequence);
            Assert.NotEqual(SrtpResult.Ok, pair.UnprotectRtp(forged));
        }
        Assert.Equal(SrtpResult.Ok, pair.UnprotectRtp(second));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Protecting_and_unprotecting_allocate_nothing(SrtpProfile profile)
    {
        using var pair = new Pair(profile);
        var packet = new byte[1_200];
        Empty(0).CopyTo(packet, 0);
        var buffer = new byte[1_300];
        ushort sequence = 0;
        var results = 0;
        var allocated = Allocation.Of(() =>
        {
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), sequence++);
            results += (int)pair.Sender.ProtectRtp(packet.AsSpan(0, 12), packet.AsSpan(12), buffer, out var written);
            results += (int)pair.Receiver.UnprotectRtp(buffer.AsSpan(0, written), buffer, out _);
            results += (int)pair.Sender.ProtectRtcp(packet.AsSpan(0, 100), buffer, out written);
            results += (int)pair.Receiver.UnprotectRtcp(buffer.AsSpan(0, written), buffer, out _);
            if (pair.Receiver.UnprotectRtp(packet, buffer, out _) == SrtpResult.Ok) results++;
        });
        Assert.Equal(0, allocated);
        Assert.Equal(0, results);
    }

    private static (byte[] Key, byte[] Salt) Chance(SrtpProfile profile, Random random)
    {
        var key = new byte[16];
        var salt = new byte[profile.SaltLength];
        random.NextBytes(key);
        random.NextBytes(salt);
        return (key, salt);
    }

    private static SrtpMasterKey Key(SrtpProfile profile)
    {
        var (key, salt) = Chance(profile, new Random(20));
        return new(profile, key, salt);
    }

    private static byte[] Empty(ushort sequence, uint ssrc = Ssrc)
    {
        var packet = new byte[12];
        packet[0] = 0x80;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), sequence);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(8), ssrc);
        return packet;
    }

    /// <summary>With some CSRCs, an extension or none, and up to 1,200 bytes of payload.</summary>
    private static (byte[] Packet, int HeaderLength) Rtp(Random random, ushort sequence, uint ssrc)
    {
        var csrcs = random.Next(4);
        var extensionWords = random.Next(3) == 0 ? -1 : random.Next(5);
        var headerLength = 12 + csrcs * 4 + (extensionWords < 0 ? 0 : 4 + extensionWords * 4);
        var packet = new byte[headerLength + (random.Next(10) == 0 ? 0 : random.Next(1_200))];
        random.NextBytes(packet);
        Empty(sequence, ssrc).CopyTo(packet, 0);
        packet[0] |= (byte)(csrcs | (extensionWords < 0 ? 0 : 0x10));
        if (extensionWords >= 0) BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(12 + csrcs * 4 + 2), (ushort)extensionWords);
        return (packet, headerLength);
    }

    private static byte[] Rtcp(Random random, uint ssrc)
    {
        var packet = new byte[8 + random.Next(50) * 4];
        random.NextBytes(packet);
        packet[0] = 0x80;
        packet[1] = 200;
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), ssrc);
        return packet;
    }

    private sealed class Pair : IDisposable
    {
        public Pair(SrtpProfile profile)
        {
            using var key = Key(profile);
            Sender = new(key);
            Receiver = new(key);
        }

        public SrtpSender Sender { get; }

        public SrtpReceiver Receiver { get; }

        public byte[] ProtectRtp(byte[] packet, int headerLength)
        {
            var buffer = new byte[packet.Length + Sender.RtpOverhead];
            Assert.Equal(SrtpResult.Ok, Sender.ProtectRtp(packet.AsSpan(0, headerLength), packet.AsSpan(headerLength), buffer, out var written));
            return buffer[..written];
        }

        public byte[] ProtectRtcp(byte[] packet)
        {
            var buffer = new byte[packet.Length + Sender.RtcpOverhead];
            Assert.Equal(SrtpResult.Ok, Sender.ProtectRtcp(packet, buffer, out var written));
            return buffer[..written];
        }

        public SrtpResult UnprotectRtp(byte[] packet) => Receiver.UnprotectRtp(packet, new byte[packet.Length], out _);

        public SrtpResult UnprotectRtcp(byte[] packet) => Receiver.UnprotectRtcp(packet, new byte[packet.Length], out _);

        public void Dispose()
        {
            Sender.Dispose();
            Receiver.Dispose();
        }
    }
}
