using Tocsin.Media.Host.Sockets;
using Tocsin.Testing;

namespace Tocsin.Media.Host.Tests;

public sealed class StreamFramesTests
{
    [Fact]
    public void Frames_come_out_as_they_went_in_however_the_stream_is_cut()
    {
        var random = TestSeed.Random();
        for (var round = 0; round < 50; round++)
        {
            var sent = Enumerable.Range(0, 60).Select(_ => Bytes(random, random.Next(5) == 0 ? random.Next(ReceiveBatch.MaximumLength + 1) : random.Next(100))).ToList();
            var stream = sent.SelectMany(frame => (byte[])[(byte)(frame.Length >> 8), (byte)frame.Length, .. frame]).ToArray();
            var frames = new StreamFrames();
            var received = new List<byte[]>();
            var longest = random.Next(3) == 0 ? 1 : 8_000;
            for (var offset = 0; offset < stream.Length;)
            {
                var free = frames.Free;
                Assert.False(free.IsEmpty);
                var count = Math.Min(Math.Min(free.Length, random.Next(1, longest + 1)), stream.Length - offset);
                stream.AsSpan(offset, count).CopyTo(free);
                frames.Advance(count);
                offset += count;
                while (frames.TryTake(out var frame, out _)) received.Add(frame.ToArray());
            }
            Assert.Equal(sent, received);
        }
    }

    [Fact]
    public void A_frame_longer_than_any_datagram_breaks_the_stream()
    {
        var frames = new StreamFrames();
        var length = ReceiveBatch.MaximumLength + 1;
        ((byte[])[0, 1, 9, (byte)(length >> 8), (byte)length]).CopyTo(frames.Free);
        frames.Advance(5);
        Assert.True(frames.TryTake(out var frame, out var isBroken));
        Assert.Equal([9], frame.ToArray());
        Assert.False(isBroken);
        Assert.False(frames.TryTake(out _, out isBroken));
        Assert.True(isBroken);
    }

    private static byte[] Bytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
