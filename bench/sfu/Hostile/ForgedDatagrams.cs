using System.Buffers.Binary;
using System.Text;
using Tocsin.Media.Wire.Stun;

namespace Tocsin.Bench.Sfu.Hostile;

/// <summary>What somebody can send who sees the packets of a call and knows no secret of it.</summary>
internal static class ForgedDatagrams
{
    private const int OfEachKind = 64;

    /// <param name="usernameFragment">Of the server, for one participant: it stands in clear in each check.</param>
    /// <param name="ssrc">Of a published track.</param>
    public static List<byte[]> Create(string usernameFragment, uint ssrc, Random random)
    {
        var datagrams = new List<byte[]>();
        for (var n = 0; n < OfEachKind; n++)
        {
            datagrams.Add(Noise(random));
            datagrams.Add(Check(random, usernameFragment));
            datagrams.Add(Check(random, "nobodyisherethere"));
            datagrams.Add(ClientHello(random));
            datagrams.Add(Rtp(random, ssrc));
        }

        return datagrams;
    }

    private static byte[] Noise(Random random)
    {
        var noise = new byte[random.Next(2, 1_200)];
        random.NextBytes(noise);
        return noise;
    }

    /// <summary>RFC 8445 section 7.2.2, made with a password that is not the one.</summary>
    private static byte[] Check(Random random, string usernameFragment)
    {
        var (transaction, buffer) = (new byte[StunMessage.TransactionIdLength], new byte[200]);
        random.NextBytes(transaction);
        var writer = new StunWriter(buffer, StunClass.Request, StunMethod.Binding, transaction);
        writer.AddUsername(Encoding.ASCII.GetBytes($"{usernameFragment}:peer"));
        writer.AddIceControlling(7);
        writer.AddUseCandidate();
        writer.AddPriority(1);
        writer.AddMessageIntegrity("thisisnotthepasswordatall"u8);
        writer.AddFingerprint();
        return writer.TryFinish(out var length) ? buffer[..length] : throw new InvalidOperationException("a forged check is too long");
    }

    /// <summary>RFC 6347 section 4.3.2: a handshake record of epoch 0, with a ClientHello that goes on as noise.</summary>
    private static byte[] ClientHello(Random random)
    {
        var hello = new byte[300];
        random.NextBytes(hello);
        ReadOnlySpan<byte> record = [22, 254, 253, 0, 0, 0, 0, 0, 0, 0, 0, 1, 31, 1, 0, 1, 19, 0, 0, 0, 0, 0, 0, 1, 19, 254, 253];
        record.CopyTo(hello);
        return hello;
    }

    private static byte[] Rtp(Random random, uint ssrc)
    {
        var packet = new byte[1_200];
        random.NextBytes(packet);
        (packet[0], packet[1]) = (0x80, 96);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(8), ssrc);
        return packet;
    }
}
