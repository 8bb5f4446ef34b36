using System.Globalization;
using Tocsin.Media.Wire.Payloads;
using Tocsin.Testing;

namespace Tocsin.Media.Wire.Tests.Payloads;

/// <summary>RFC 7741 section 4.2 and RFC 9628 section 4.2.</summary>
public sealed class VideoDescriptorTests
{
    /// <summary>A key frame of 640 x 360 with a 15-bit picture id, TL0PICIDX 3, temporal layer 0.</summary>
    private static readonly byte[] Vp8Key = Hex.Parse("90 e0 91 23 03 00  10 02 00 9d 01 2a 80 02 68 01 00");

    /// <summary>Temporal layer 2, not referred to, layer sync, key index 5, 7-bit picture id.</summary>
    private static readonly byte[] Vp8Delta = Hex.Parse("b0 f0 7f ff b5 01");

    private static readonly byte[] Vp8Plain = [0x00, 0x01];

    /// <summary>First packet of a key picture with a scalability structure of 3 spatial layers with sizes, and a group of 2 pictures.</summary>
    private static readonly byte[] Vp9Key = Hex.Parse("aa 81 02 00 05 58 01 40 00 b4 02 80 01 68 05 00 02 d0 02 04 01 24 01  82 49");

    /// <summary>Spatial layer 2 of temporal layer 1, predicted from the layer below, end of the frame.</summary>
    private static readonly byte[] Vp9Delta = Hex.Parse("e5 7f 35 09  01");

    /// <summary>Flexible mode with two references.</summary>
    private static readonly byte[] Vp9Flexible = Hex.Parse("f8 85 dc 20 03 04  01");

    [Fact]
    public void A_vp8_key_frame_is_known_with_its_size()
    {
        Assert.True(Vp8Descriptor.TryParse(Vp8Key, out var descriptor));
        Assert.True(descriptor is { StartsFrame: true, StartsKeyFrame: true, PictureId: 0x1123, PictureIdBits: 15, BaseLayerIndex: 3, TemporalId: 0, Length: 6 });
        Assert.True(descriptor.TryReadKeyFrameSize(Vp8Key, out var width, out var height));
        Assert.Equal((640, 360), (width, height));
        Assert.False(descriptor.TryReadKeyFrameSize(Vp8Key.AsSpan(0, 15), out _, out _));
    }

    [Fact]
    public void A_vp8_frame_of_a_temporal_layer_is_known()
    {
        Assert.True(Vp8Descriptor.TryParse(Vp8Delta, out var descriptor));
        Assert.True(descriptor is
        {
            StartsFrame: true, StartsKeyFrame: false, IsNonReference: true, PictureId: 127, PictureIdBits: 7, BaseLayerIndex: 255, TemporalId: 2, IsLayerSync: true,
        });
        Assert.True(Vp8Descriptor.TryParse(Vp8Plain, out descriptor));
        Assert.True(descriptor is { HasPictureId: false, HasBaseLayerIndex: false, HasTemporalId: false, StartsFrame: false, Length: 1 });
    }

    [Fact]
    public void A_vp9_key_picture_is_known_with_its_structure()
    {
        Assert.True(Vp9Descriptor.TryParse(Vp9Key, out var descriptor));
        Assert.True(descriptor is
        {
            StartsKeyFrame: true, PictureId: 0x102, PictureIdBits: 15, BaseLayerIndex: 5, SpatialId: 0, TemporalId: 0, HasScalabilityStructure: true, IsFlexible: false,
        });
        Assert.Equal(Vp9Key.Length - 2, descriptor.Length);
        Assert.True(descriptor.TryGetScalabilityStructure(Vp9Key, out var structure));
        Assert.Equal(3, structure.SpatialLayerCount);
        Assert.Equal(2, structure.TemporalLayerCount);
        Assert.True(structure.TryGetSize(2, out var width, out var height));
        Assert.Equal((1280, 720), (width, height));
        Assert.False(structure.TryGetSize(3, out _, out _));
    }

    [Fact]
    public void A_vp9_frame_of_upper_layers_is_known()
    {
        Assert.True(Vp9Descriptor.TryParse(Vp9Delta, out var descriptor));
        Assert.True(descriptor is
        {
            StartsKeyFrame: false, IsInterPicturePredicted: true, EndsFrame: true, StartsFrame: false, SpatialId: 2, TemporalId: 1, IsSwitchingUpPoint: true,
            IsInterLayerPredicted: true, PictureId: 127, BaseLayerIndex: 9, IsNotReferenceForUpperLayers: true,
        });
        Assert.True(Vp9Descriptor.TryParse(Vp9Flexible, out descriptor));
        Assert.True(descriptor is { IsFlexible: true, HasBaseLayerIndex: false, SpatialId: 0, TemporalId: 1, PictureId: 0x5DC, Length: 6, StartsKeyFrame: false });
    }

    [Fact]
    [Trait(Fuzz.Trait, Fuzz.Parser)]
    public void Hostile_vp8_is_read_as_a_slow_reader_of_its_own_reads_it()
    {
        Fuzz.Inputs([Vp8Key, Vp8Delta, Vp8Plain], input =>
        {
            var read = Vp8Descriptor.TryParse(input, out var d);
            Assert.Equal(
                NaiveVp8(input.ToArray()),
                read ? Line(d.Length, d.IsNonReference, d.StartsFrame, d.StartsKeyFrame, d.PictureIdBits, d.PictureId, d.HasBaseLayerIndex, d.BaseLayerIndex, d.HasTemporalId, d.TemporalId, d.IsLayerSync) : null);
        });
    }

    [Fact]
    [Trait(Fuzz.Trait, Fuzz.Parser)]
    public void Hostile_vp9_is_read_as_a_slow_reader_of_its_own_reads_it()
    {
        Fuzz.Inputs([Vp9Key, Vp9Delta, Vp9Flexible], input =>
        {
            var read = Vp9Descriptor.TryParse(input, out var d);
            var layers = 0;
            if (read && d.TryGetScalabilityStructure(input, out var structure))
                layers = (10 * structure.SpatialLayerCount) + structure.TemporalLayerCount;
            Assert.Equal(
                NaiveVp9(input.ToArray()),
                read ? Line(d.Length, d.IsInterPicturePredicted, d.IsFlexible, d.StartsFrame, d.EndsFrame, d.IsNotReferenceForUpperLayers, d.PictureIdBits, d.PictureId, d.TemporalId, d.SpatialId, d.IsSwitchingUpPoint, d.IsInterLayerPredicted, d.HasBaseLayerIndex, d.BaseLayerIndex, layers) : null);
        });
    }

    [Fact]
    public void Rewriting_changes_picture_id_and_base_layer_index_and_nothing_else()
    {
        Fuzz.Cases(500, random =>
        {
            var payload = new[] { Vp8Key, Vp8Delta, Vp8Plain }[random.Next(3)].ToArray();
            Assert.True(Vp8Descriptor.TryParse(payload, out var before));
            var (pictureId, index) = (random.Next(1 << 15), (byte)random.Next(256));
            before.Rewrite(payload, pictureId, index);
            Assert.True(Vp8Descriptor.TryParse(payload, out var after));
            Assert.Equal(pictureId & ((1 << before.PictureIdBits) - 1), after.PictureId);
            Assert.Equal(before.HasBaseLayerIndex ? index : 0, after.BaseLayerIndex);
            after.Rewrite(payload, before.PictureId, before.BaseLayerIndex);
            Assert.True(Vp8Descriptor.TryParse(payload, out var again));
            Assert.Equal(before, again);

            payload = new[] { Vp9Key, Vp9Delta, Vp9Flexible }[random.Next(3)].ToArray();
            var original = payload.ToArray();
            Assert.True(Vp9Descriptor.TryParse(payload, out var nine));
            nine.Rewrite(payload, pictureId, index);
            Assert.True(Vp9Descriptor.TryParse(payload, out var changed));
            Assert.Equal(pictureId & ((1 << nine.PictureIdBits) - 1), changed.PictureId);
            changed.Rewrite(payload, nine.PictureId, nine.BaseLayerIndex);
            Assert.Equal(original, payload);
        });
    }

    [Fact]
    public void Reading_and_rewriting_allocates_nothing()
    {
        var eight = Vp8Key.ToArray();
        var nine = Vp9Key.ToArray();
        var allocated = Allocation.Of(() =>
        {
            if (!Vp8Descriptor.TryParse(eight, out var first) || !Vp9Descriptor.TryParse(nine, out var second) || !second.TryGetScalabilityStructure(nine, out _))
                throw new InvalidOperationException("the samples are no longer read");
            first.Rewrite(eight, 5, 6);
            second.Rewrite(nine, 5, 6);
        });
        Assert.Equal(0, allocated);
    }

    private static string? NaiveVp8(byte[] payload)
    {
        try
        {
            var bits = NaiveBits.Of(payload);
            var (x, _, n, s, _, pid) = (bits.Take(1), bits.Take(1), bits.Take(1), bits.Take(1), bits.Take(1), bits.Take(3));
            var (i, l, t, k) = x == 1 ? (bits.Take(1), bits.Take(1), bits.Take(1), bits.Take(1)) : (0, 0, 0, 0);
            bits.Take(4 * x);
            var (width, pictureId) = TakePictureId(bits, i);
            var index = bits.Take(8 * l);
            var (tid, y) = t + k > 0 ? (bits.Take(2), bits.Take(1)) : (0, 0);
            bits.Take(t + k > 0 ? 5 : 0);
            var length = bits.Position / 8;
            var starts = s == 1 && pid == 0;
            var firstByte = bits.Take(8);
            return Line(length, n == 1, starts, starts && firstByte % 2 == 0, width, pictureId, l == 1, index, t == 1, t == 1 ? tid : 0, t == 1 && y == 1);
        }
        catch (NaiveBits.EndOfBits)
        {
            return null;
        }
    }

    private static string? NaiveVp9(byte[] payload)
    {
        try
        {
            var bits = NaiveBits.Of(payload);
            var (i, p, l, f, b, e, v, z) = (bits.Take(1), bits.Take(1), bits.Take(1), bits.Take(1), bits.Take(1), bits.Take(1), bits.Take(1), bits.Take(1));
            var (width, pictureId) = TakePictureId(bits, i);
            var (tid, u, sid, d) = l == 1 ? (bits.Take(3), bits.Take(1), bits.Take(3), bits.Take(1)) : (0, 0, 0, 0);
            var index = bits.Take(8 * l * (1 - f));
            var more = p * f;
            for (var count = 0; more == 1; count++)
            {
                if (count == 3)
                    return null;
                bits.Take(7);
                more = bits.Take(1);
            }

            var layers = v == 1 ? TakeStructure(bits) : 0;
            var length = bits.Position / 8;
            bits.Take(8);
            return Line(length, p == 1, f == 1, b == 1, e == 1, z == 1, width, pictureId, tid, sid, u == 1, d == 1, l == 1 && f == 0, index, layers);
        }
        catch (NaiveBits.EndOfBits)
        {
            return null;
        }
    }

    private static int TakeStructure(NaiveBits bits)
    {
        var (spatial, y, g) = (bits.Take(3) + 1, bits.Take(1), bits.Take(1));
        bits.Take(3);
        for (var layer = 0; layer < spatial * y; layer++)
            bits.Take(32);
        var highest = 0;
        for (var left = bits.Take(8 * g); left > 0; left--)
        {
            highest = Math.Max(highest, bits.Take(3));
            bits.Take(1);
            var references = bits.Take(2);
            bits.Take(2);
            for (; references > 0; references--)
                bits.Take(8);
        }

        return (10 * spatial) + highest + 1;
    }

    private static (int Bits, int Id) TakePictureId(NaiveBits bits, int present)
    {
        if (present == 0)
            return (0, 0);
        return bits.Take(1) == 1 ? (15, bits.Take(15)) : (7, bits.Take(7));
    }

    private static string Line(params object[] values) => string.Join(' ', values.Select(value => Convert.ToString(value, CultureInfo.InvariantCulture)));
}
