using System.Buffers.Binary;
using System.Net;
using System.Security.Cryptography;
using Tocsin.Media.Engine;
using Tocsin.Media.Engine.OpenSsl;
using Tocsin.Media.Host;
using Tocsin.Media.Host.Sockets;
using Tocsin.Media.Wire;

namespace Tocsin.Bench.Sfu.Server;

/// <summary>AES-128-GCM of each packet, and UDP_SEGMENT with as many of them as pay: nothing is received, looked up, copied or decided.</summary>
internal static class LimitLoop
{
    private const int HeaderLength = 12;

    /// <param name="ports">Of loopback, each a destination.</param>
    /// <returns>Packets that left.</returns>
    public static long Run(IReadOnlyList<int> ports, int payloadLength, double packetsPerSecond, TimeSpan time)
    {
        using var socket = new LinuxDatagramSocket(DatagramSockets.Bind(IPAddress.Loopback, 0));
        using var cipher = new AesGcmContext(RandomNumberGenerator.GetBytes(16), encrypt: true);
        var destinations = ports.Select(port => TransportAddress.From(new IPEndPoint(IPAddress.Loopback, port))).ToArray();
        var batch = new SendBatch();
        var packet = new byte[HeaderLength + payloadLength];
        var nonce = new byte[AesGcmContext.NonceLength];
        var (begin, sent, next) = (MediaClock.Now, 0L, 0);
        while (MediaClock.Now - begin < time)
        {
            // Someone who reads must keep up: no faster than the server that it is beside. Nobody sends to this socket, so this only passes time.
            if (sent > packetsPerSecond * (MediaClock.Now - begin).TotalSeconds)
            {
                socket.Wait(TimeSpan.FromMilliseconds(1));
                continue;
            }

            for (var turn = 0; turn < destinations.Length && HasRoom(batch, packet.Length); turn++)
            {
                Fill(batch, cipher, packet, nonce, sent, destinations[next]);
                next = (next + 1) % destinations.Length;
                sent += LinuxDatagramSocket.MaximumSegments;
            }

            socket.Send(batch);
        }

        return sent - socket.Dropped;
    }

    private static bool HasRoom(SendBatch batch, int length) =>
        batch.Count + LinuxDatagramSocket.MaximumSegments <= SendBatch.Capacity && batch.HasRoom(LinuxDatagramSocket.MaximumSegments * (length + AesGcmContext.TagLength));

    private static void Fill(SendBatch batch, AesGcmContext cipher, byte[] packet, byte[] nonce, long number, TransportAddress to)
    {
        for (var segment = 0; segment < LinuxDatagramSocket.MaximumSegments; segment++)
        {
            BinaryPrimitives.WriteInt64BigEndian(nonce, number + segment);
            var length = packet.Length + AesGcmContext.TagLength;
            var room = batch.Reserve(length);
            packet.AsSpan(0, HeaderLength).CopyTo(room);
            var payload = packet.AsSpan(HeaderLength);
            cipher.Seal(nonce, packet.AsSpan(0, HeaderLength), default, payload, room.Slice(HeaderLength, payload.Length), room.Slice(packet.Length, AesGcmContext.TagLength));
            batch.Add(to, length);
        }
    }
}
