using System.Globalization;
using Tocsin.Media.Wire.Payloads.Dependencies;
using Tocsin.Testing;

namespace Tocsin.Media.Wire.Tests.Payloads;

/// <summary>RTP Payload Format for AV1, appendix A.</summary>
public sealed class DependencyDescriptorTests
{
    [Fact]
    public void A_key_frame_brings_the_structure_and_later_frames_use_it()
    {
        var reader = new DependencyDescriptorReader();
        Assert.False(reader.TryRead(DependencySamples.Short, out _));
        Assert.True(reader.TryRead(DependencySamples.KeyFrame, out var key));
        Assert.True(key.HasStructure && key.StartsFrame && !key.EndsFrame && key.HasActiveDecodeTargets);
        Assert.Equal((0x1234, 0b1111u, 0, 0, 0), (key.FrameNumber, key.ActiveDecodeTargets, key.SpatialId, key.TemporalId, key.FrameDifferences.Length));
        var structure = key.Structure;
        Assert.Equal((6, 4, 2, 2, 2), (structure.TemplateCount, structure.DecodeTargetCount, structure.ChainCount, structure.SpatialLayerCount, structure.TemporalLayerCount));
        Assert.Equal([(0, 0), (0, 1), (1, 0), (1, 1)], Enumerable.Range(0, 4).Select(target => (structure.SpatialIdOfTarget(target), structure.TemporalIdOfTarget(target))));
        Assert.Equal([0, 0, 1, 1], Enumerable.Range(0, 4).Select(structure.ProtectingChain));
        Assert.True(structure.TryGetResolution(1, out var width, out var height));
        Assert.Equal((1280, 720), (width, height));
        Assert.False(structure.TryGetResolution(2, out _, out _));

        Assert.True(reader.TryRead(DependencySamples.Short, out var later));
        Assert.Equal((1, 1, false), (later.SpatialId, later.TemporalId, later.HasActiveDecodeTargets));
        Assert.Equal((DecodeTargetIndication.NotPresent, DecodeTargetIndication.Discardable), (later.Indication(0), later.Indication(3)));
        Assert.Equal([2, 1], later.FrameDifferences.ToArray());
        Assert.Equal([3, 2], later.ChainDifferences.ToArray());
    }

    [Fact]
    public void A_frame_may_say_everything_itself()
    {
        var reader = new DependencyDescriptorReader();
        Assert.True(reader.TryRead(DependencySamples.KeyFrame, out _));
        Assert.True(reader.TryRead(DependencySamples.Custom, out var custom));
        Assert.Equal(0b0011u, custom.ActiveDecodeTargets);
        Assert.Equal([4, 17, 257], custom.FrameDifferences.ToArray());
        Assert.Equal([5, 255], custom.ChainDifferences.ToArray());
        Assert.Equal((DecodeTargetIndication.Switch, DecodeTargetIndication.Required, DecodeTargetIndication.Discardable), (custom.Indication(0), custom.Indication(1), custom.Indication(2)));
    }

    [Fact]
    public void A_structure_that_is_cut_leaves_the_one_before_as_it_was()
    {
        var reader = new DependencyDescriptorReader();
        Assert.True(reader.TryRead(DependencySamples.KeyFrame, out _));
        for (var length = 4; length < DependencySamples.KeyFrame.Length; length++)
        {
            Assert.False(reader.TryRead(DependencySamples.KeyFrame.AsSpan(0, length), out _));
            Assert.True(reader.TryRead(DependencySamples.Short, out var later));
            Assert.Equal([3, 2], later.ChainDifferences.ToArray());
        }
    }

    [Fact]
    public void A_structure_that_comes_late_describes_only_its_own_packet()
    {
        var reader = new DependencyDescriptorReader();
        var single = NaiveBits.Bytes("11" + NaiveBits.Text(9, 6) + NaiveBits.Text(0x1230, 16) + "10000" + NaiveBits.Text(9, 6) + "00000" + "11" + "10" + "0" + "0" + "0");
        Assert.True(reader.TryRead(DependencySamples.KeyFrame, out _));
        Assert.True(reader.TryRead(single, out var late));
        Assert.Equal(1, late.Structure.TemplateCount);
        Assert.True(reader.TryRead(DependencySamples.Short, out var next));
        Assert.Equal(6, next.Structure.TemplateCount);

        // Far enough back the sender has begun again.
        DependencyDescriptor.SetFrameNumber(single, 5);
        Assert.True(reader.TryRead(single, out _));
        Assert.False(reader.TryRead(DependencySamples.Short, out _));
    }

    [Fact]
    [Trait(Fuzz.Trait, Fuzz.Parser)]
    public void Hostile_input_is_read_as_a_slow_reader_of_its_own_reads_it()
    {
        var fast = new DependencyDescriptorReader();
        var slow = new NaiveDependencies();
        Fuzz.Inputs(DependencySamples.All, input => Assert.Equal(slow.Read(input.ToArray()), Describe(fast, input)));
        Fuzz.Cases(5000, random =>
        {
            var input = random.Next(3) == 0 ? Fuzz.Bytes(random, random.Next(3, 12)) : DependencySamples.RandomKeyFrame(random, random.Next(65536));
            Assert.Equal(slow.Read(input), Describe(fast, input));
        });
    }

    [Fact]
    public void Frame_numbers_are_rewritten_where_they_stand()
    {
        var value = DependencySamples.KeyFrame.ToArray();
        DependencyDescriptor.SetFrameNumber(value, 0xFFFE);
        Assert.True(new DependencyDescriptorReader().TryRead(value, out var descriptor));
        Assert.Equal(0xFFFE, descriptor.FrameNumber);
        Assert.Equal(DependencySamples.KeyFrame[3..], value[3..]);
    }

    [Fact]
    public void A_mask_of_active_decode_targets_is_written_and_nothing_else_changes()
    {
        Fuzz.Cases(3000, random =>
        {
            var reader = new DependencyDescriptorReader();
            var key = random.Next(2) == 0 ? DependencySamples.KeyFrame : DependencySamples.RandomKeyFrame(random, random.Next(65536));
            if (!reader.TryRead(key, out var descriptor))
                return;
            var value = key;
            if (random.Next(2) == 0)
            {
                value = Fuzz.Bytes(random, random.Next(3, 60));
                value[0] = (byte)((value[0] & 0xC0) | ((descriptor.Structure.TemplateIdOffset + random.Next(descriptor.Structure.TemplateCount)) % 64));
                if (value.Length > 3)
                    value[3] &= 0x7F;
                if (!reader.TryRead(value, out descriptor))
                    return;
            }

            var mask = (uint)random.NextInt64(1L << descriptor.Structure.DecodeTargetCount);
            var written = new byte[value.Length + 5];
            Assert.True(descriptor.TryWriteWithActiveDecodeTargets(value, mask, written, out var length));
            var rewritten = new DependencyDescriptorReader();
            Assert.True(rewritten.TryRead(key, out _));
            var expected = Describe(rewritten, value)!.Split(' ');
            expected[4] = mask == descriptor.Structure.AllDecodeTargets ? "all" : mask.ToString(CultureInfo.InvariantCulture);
            Assert.Equal(string.Join(' ', expected), Describe(rewritten, written.AsSpan(0, length)));
        });
    }

    [Fact]
    public void A_mask_that_names_what_is_not_there_or_finds_no_room_is_refused()
    {
        Assert.True(new DependencyDescriptorReader().TryRead(DependencySamples.KeyFrame, out var key));
        Assert.False(key.TryWriteWithActiveDecodeTargets(DependencySamples.KeyFrame, 0x10, new byte[200], out _));
        Assert.True(key.TryWriteWithActiveDecodeTargets(DependencySamples.KeyFrame, 3, new byte[200], out var needed));
        for (var length = 0; length < needed; length++)
            Assert.False(key.TryWriteWithActiveDecodeTargets(DependencySamples.KeyFrame, 3, new byte[length], out _));
    }

    [Fact]
    public void Reading_and_writing_allocates_nothing_even_for_a_key_frame()
    {
        var reader = new DependencyDescriptorReader();
        var buffer = new byte[200];
        var allocated = Allocation.Of(() =>
        {
            if (!reader.TryRead(DependencySamples.KeyFrame, out var key) || !key.TryWriteWithActiveDecodeTargets(DependencySamples.KeyFrame, 1, buffer, out _)
                || !reader.TryRead(DependencySamples.Custom, out _) || !reader.TryRead(DependencySamples.Short, out _))
            {
                throw new InvalidOperationException("the samples are no longer read");
            }
        });
        Assert.Equal(0, allocated);
    }

    private static string? Describe(DependencyDescriptorReader reader, ReadOnlySpan<byte> value)
    {
        if (!reader.TryRead(value, out var d))
            return null;
        var structure = d.Structure;
        var mask = !d.HasActiveDecodeTargets ? "-" : d.ActiveDecodeTargets == structure.AllDecodeTargets ? "all" : d.ActiveDecodeTargets.ToString(CultureInfo.InvariantCulture);
        var indications = "";
        for (var target = 0; target < structure.DecodeTargetCount; target++)
            indications += (int)d.Indication(target);
        var targets = Enumerable.Range(0, structure.DecodeTargetCount).Select(target =>
            $"S{structure.SpatialIdOfTarget(target)}T{structure.TemporalIdOfTarget(target)}{(structure.ChainCount > 0 ? $"c{structure.ProtectingChain(target)}" : "")}");
        var sizes = Enumerable.Range(0, 5).Select(layer => structure.TryGetResolution(layer, out var width, out var height) ? $"{width}x{height}" : "").Where(size => size != "");
        return $"{Bit(d.StartsFrame)}{Bit(d.EndsFrame)} {d.FrameNumber} {Bit(d.HasStructure)} mask {mask} S{d.SpatialId} T{d.TemporalId} {indications} "
            + $"[{string.Join(',', d.FrameDifferences.ToArray())}] [{string.Join(',', d.ChainDifferences.ToArray())}] "
            + $"{structure.TemplateCount} templates, {string.Join(' ', targets)}, {structure.ChainCount} chains, {string.Join(' ', sizes)}";
    }

    private static int Bit(bool value) => value ? 1 : 0;
}
