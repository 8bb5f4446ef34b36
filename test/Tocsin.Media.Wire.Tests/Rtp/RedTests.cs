using Tocsin.Media.Wire.Rtp;
using Tocsin.Testing;

namespace Tocsin.Media.Wire.Tests.Rtp;

/// <summary>RFC 2198 section 3.</summary>
public sealed class RedTests
{
    /// <summary>The shape of section 4's example: one redundant block 960 ticks older, then the primary.</summary>
    private static readonly byte[] Sample = [0x80 | 111, 960 >> 6, (960 << 2) & 0xFF, 3, 112, 1, 2, 3, 4, 5];

    [Fact]
    public void Blocks_are_read_oldest_first_and_the_primary_last()
    {
        Assert.Equal([(111, 960, false, "010203"), (112, 0, true, "0405")], Read(Sample));
    }

    [Fact]
    public void What_is_written_is_read_again()
    {
        Fuzz.Cases(500, random =>
        {
            var blocks = new List<(int PayloadType, int Offset, bool IsPrimary, string Data)>();
            for (var count = random.Next(4); count > 0; count--)
                blocks.Add((random.Next(128), random.Next(1 << 14), false, Convert.ToHexString(Fuzz.Bytes(random, random.Next(1 << 10)))));
            blocks.Add((random.Next(128), 0, true, Convert.ToHexString(Fuzz.Bytes(random, random.Next(1300)))));
            var buffer = new byte[5000];
            var writer = new RedWriter(buffer);
            foreach (var block in blocks)
            {
                if (block.IsPrimary)
                    writer.AddPrimaryHeader((byte)block.PayloadType, block.Data.Length / 2);
                else
                    writer.AddRedundantHeader((byte)block.PayloadType, block.Offset, block.Data.Length / 2);
            }

            foreach (var block in blocks)
                writer.AddData(Convert.FromHexString(block.Data));
            Assert.True(writer.TryFinish(out var written));
            Assert.Equal(blocks, Read(buffer.AsSpan(0, written)));
        });
    }

    [Fact]
    public void Data_of_another_length_than_said_or_a_small_buffer_is_refused()
    {
        var writer = new RedWriter(new byte[100]);
        writer.AddRedundantHeader(111, 960, 3);
        writer.AddPrimaryHeader(111, 1);
        writer.AddData([1, 2, 3]);
        Assert.False(writer.TryFinish(out _));
        writer.AddData([1, 2]);
        Assert.False(writer.TryFinish(out _));

        for (var length = 0; length < Sample.Length; length++)
        {
            writer = new RedWriter(new byte[length]);
            writer.AddRedundantHeader(111, 960, 3);
            writer.AddPrimaryHeader(112, 2);
            writer.AddData([1, 2, 3]);
            writer.AddData([4, 5]);
            Assert.False(writer.TryFinish(out _));
        }
    }

    [Fact]
    [Trait(Fuzz.Trait, Fuzz.Parser)]
    public void Hostile_input_that_is_read_is_written_to_the_same_bytes()
    {
        Fuzz.Inputs([Sample], input =>
        {
            if (!RedPayload.TryParse(input, out var red))
                return;
            var again = new byte[input.Length];
            var writer = new RedWriter(again);
            foreach (var block in red)
            {
                if (block.IsPrimary)
                    writer.AddPrimaryHeader(block.PayloadType, block.Data.Length);
                else
                    writer.AddRedundantHeader(block.PayloadType, block.TimestampOffset, block.Data.Length);
            }

            foreach (var block in red)
                writer.AddData(block.Data);
            Assert.True(writer.TryFinish(out var written));
            Assert.Equal(input.ToArray(), again[..written]);
        });
    }

    [Fact]
    public void A_payload_cut_before_its_blocks_end_is_refused()
    {
        for (var length = 0; length < 5 + 3; length++)
            Assert.False(RedPayload.TryParse(Sample.AsSpan(0, length), out _));
    }

    [Fact]
    public void Reading_allocates_nothing()
    {
        var allocated = Allocation.Of(() =>
        {
            var count = 0;
            _ = RedPayload.TryParse(Sample, out var red);
            foreach (var block in red)
                count += block.Data.Length;
            if (count != 5)
                throw new InvalidOperationException("the sample is no longer read");
        });
        Assert.Equal(0, allocated);
    }

    private static List<(int PayloadType, int Offset, bool IsPrimary, string Data)> Read(ReadOnlySpan<byte> payload)
    {
        Assert.True(RedPayload.TryParse(payload, out var red));
        var blocks = new List<(int, int, bool, string)>();
        foreach (var block in red)
            blocks.Add((block.PayloadType, block.TimestampOffset, block.IsPrimary, Convert.ToHexString(block.Data)));
        return blocks;
    }
}
