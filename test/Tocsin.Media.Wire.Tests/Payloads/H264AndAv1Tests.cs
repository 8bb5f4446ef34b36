using Tocsin.Media.Wire.Payloads;
using Tocsin.Testing;

namespace Tocsin.Media.Wire.Tests.Payloads;

/// <summary>RFC 6184 section 5, and RTP Payload Format for AV1 section 4.4.</summary>
public sealed class H264AndAv1Tests
{
    /// <summary>Parameters of sequence and picture together, as browsers send them before a key frame.</summary>
    private static readonly byte[] Parameters = Hex.Parse("78 00 03 67 42 e0 00 02 68 ce");

    private static readonly byte[] FirstFragment = Hex.Parse("7c 85 88 84");
    private static readonly byte[] LaterFragment = Hex.Parse("7c 05 88 84");
    private static readonly byte[] Slice = Hex.Parse("41 9a 00");

    /// <summary>N set; two elements, the first with a length: a sequence header and the start of a frame that goes on.</summary>
    private static readonly byte[] Av1Key = Hex.Parse("68 03 08 00 00 30 11 22");

    /// <summary>W is 0: each element has a length, one of them in two bytes.</summary>
    private static readonly byte[] Av1Lengths = Hex.Parse("80 82 00 32 01 01 30");

    [Theory]
    [InlineData("78 00 03 67 42 e0 00 02 68 ce", true)]
    [InlineData("67 42 e0", true)]
    [InlineData("65 88 84", true)]
    [InlineData("7c 85 88 84", true)]
    [InlineData("7c 05 88 84", false)]
    [InlineData("7c 45 88", false)]
    [InlineData("41 9a 00", false)]
    [InlineData("7c 81 9a", false)]
    [InlineData("78 00 02 41 9a 00 02 06 05", false)]
    public void A_key_frame_begins_with_parameters_or_the_first_piece_of_a_refresh(string payload, bool isKeyFrame)
    {
        Assert.True(H264Payload.TryParse(Hex.Parse(payload), out var result));
        Assert.Equal(isKeyFrame, result.StartsKeyFrame);
    }

    [Theory]
    [InlineData("")]
    [InlineData("78")]
    [InlineData("78 00 00")]
    [InlineData("78 00 03 67 42")]
    [InlineData("78 00 03 67 42 e0 00")]
    [InlineData("7c")]
    [InlineData("79 00 00 00 02 67 42")]
    [InlineData("7d 85 00 00 88")]
    [InlineData("40 00")]
    public void What_is_cut_or_interleaved_is_refused(string payload) => Assert.False(H264Payload.TryParse(Hex.Parse(payload), out _));

    [Fact]
    public void An_av1_payload_is_walked_element_by_element()
    {
        Assert.True(Av1Payload.TryParse(Av1Key, out var key));
        Assert.True(key.StartsKeyFrame && key.IsContinued && !key.ContinuesElement);
        Assert.Equal(["080000", "301122"], ElementsOf(key));
        Assert.True(Av1Payload.TryParse(Av1Lengths, out var lengths));
        Assert.True(lengths.ContinuesElement && !lengths.StartsKeyFrame && !lengths.IsContinued);
        Assert.Equal(["3201", "30"], ElementsOf(lengths));
    }

    [Fact]
    [Trait(Fuzz.Trait, Fuzz.Parser)]
    public void Hostile_input_is_read_as_slow_readers_of_their_own_read_it()
    {
        Fuzz.Inputs([Parameters, FirstFragment, LaterFragment, Slice], input =>
        {
            var read = H264Payload.TryParse(input, out var payload);
            var units = NaiveH264(input.ToArray());
            Assert.Equal(units is not null, read);
            Assert.Equal((units?.Contains(7) == true, units?.Contains(8) == true, units?.Contains(5) == true), (payload.HasSequenceParameters, payload.HasPictureParameters, payload.StartsInstantaneousRefresh));
        });
        Fuzz.Inputs([Av1Key, Av1Lengths], input =>
        {
            var elements = NaiveAv1(input.ToArray());
            Assert.Equal(elements is not null, Av1Payload.TryParse(input, out var payload));
            if (elements is not null)
                Assert.Equal(elements, ElementsOf(payload));
        });
    }

    [Fact]
    public void Reading_allocates_nothing()
    {
        var allocated = Allocation.Of(() =>
        {
            var count = 0;
            _ = Av1Payload.TryParse(Av1Key, out var av1);
            foreach (var element in av1)
                count += element.Length;
            if (!H264Payload.TryParse(Parameters, out _) || count != 6)
                throw new InvalidOperationException("the samples are no longer read");
        });
        Assert.Equal(0, allocated);
    }

    private static List<string> ElementsOf(Av1Payload payload)
    {
        var elements = new List<string>();
        foreach (var element in payload)
            elements.Add(Convert.ToHexString(element));
        return elements;
    }

    /// <returns>The types of units that begin here.</returns>
    private static List<int>? NaiveH264(byte[] payload)
    {
        if (payload.Length == 0)
            return null;
        var type = payload[0] % 32;
        if (type is >= 1 and <= 23)
            return [type];
        if (type == 28)
            return payload.Length < 2 ? null : payload[1] >= 128 ? [payload[1] % 32] : [];
        if (type != 24 || payload.Length == 1)
            return null;
        var units = new List<int>();
        for (var rest = payload[1..]; rest.Length > 0;)
        {
            if (rest.Length < 2)
                return null;
            var size = (256 * rest[0]) + rest[1];
            if (size == 0 || rest.Length - 2 < size)
                return null;
            units.Add(rest[2] % 32);
            rest = rest[(2 + size)..];
        }

        return units;
    }

    private static List<string>? NaiveAv1(byte[] payload)
    {
        if (payload.Length < 2)
            return null;
        var bits = NaiveBits.Of(payload.AsSpan(0, 1));
        var (z, _, w, n) = (bits.Take(1), bits.Take(1), bits.Take(2), bits.Take(1));
        if (z == 1 && n == 1)
            return null;
        var elements = new List<string>();
        var rest = payload[1..];
        while (rest.Length > 0)
        {
            if (w != 0 && elements.Count == w)
                return null;
            long length = rest.Length;
            if (w == 0 || elements.Count < w - 1)
            {
                var used = Array.FindIndex(rest, value => value < 128) + 1;
                if (used is 0 or > 5)
                    return null;
                length = rest.Take(used).Reverse().Aggregate(0L, (sum, value) => (sum * 128) + (value % 128));
                rest = rest[used..];
            }

            if (length == 0 || length > rest.Length)
                return null;
            elements.Add(Convert.ToHexString(rest, 0, (int)length));
            rest = rest[(int)length..];
        }

        return w != 0 && elements.Count != w ? null : elements;
    }
}
