using Tocsin.Media.Forwarding.Publishing;
using Tocsin.Media.Forwarding.Subscribing;
using Tocsin.Media.Forwarding.Tests.Simulation;
using Tocsin.Media.Wire.Payloads;

namespace Tocsin.Media.Forwarding.Tests;

/// <summary>The numbers that a subscriber sees, from one switch to the next.</summary>
public sealed class StreamEpochTests
{
    private static readonly EpochStart start = new(Sequence: 1_000, Picture: 200, BaseLayerIndex: 50);
    private static readonly VideoLayers onlyBase = new(0, 0);

    private readonly PublishedStream stream = new MeetingSimulation(1).Join().PublishCamera().Producer.Streams[0];
    private readonly StreamEpoch epoch = new();

    [Fact]
    public void A_picture_of_the_base_layer_that_is_late_has_its_index_to_itself_also_where_only_what_follows_it_was_left_out()
    {
        Begin();
        // The second base picture is on its way again; of the third picture, which rests on it, this subscriber gets nothing.
        Assert.False(epoch.TryKeep(PacketOf(number: 12, picture: 3, temporalId: 1, baseLayerIndex: 6), onlyBase, out _));
        Assert.Equal(52, epoch.Next.BaseLayerIndex);

        Assert.True(epoch.TryFit(PacketOf(number: 11, picture: 2, temporalId: 0, baseLayerIndex: 6), out var late, out var isFiller));
        Assert.Equal((51, false), (late.BaseLayerIndex, isFiller));
        Assert.Equal(52, epoch.Next.BaseLayerIndex);
    }

    [Fact]
    public void A_picture_that_is_left_out_after_its_base_came_takes_no_index()
    {
        Begin();
        Assert.False(epoch.TryKeep(PacketOf(number: 11, picture: 2, temporalId: 1, baseLayerIndex: 5), onlyBase, out _));
        Assert.Equal(51, epoch.Next.BaseLayerIndex);
    }

    private void Begin()
    {
        var key = PacketOf(number: 10, picture: 1, temporalId: 0, baseLayerIndex: 5, startsKeyFrame: true);
        epoch.Begin(key, start, timestampOffset: 0);
        Assert.True(epoch.TryKeep(key, onlyBase, out var first));
        Assert.Equal(start.BaseLayerIndex, first.BaseLayerIndex);
    }

    private StoredPacket PacketOf(long number, long picture, byte temporalId, byte baseLayerIndex, bool startsKeyFrame = false)
    {
        // RFC 7741 section 4.2: X and S; I, L and T; the picture's id, the base layer's index, the temporal layer; the first of the frame.
        byte[] payload = [0x90, 0xE0, 0x80, (byte)picture, baseLayerIndex, (byte)(temporalId << 6), startsKeyFrame ? (byte)0x00 : (byte)0x01, .. new byte[20]];
        Assert.True(Vp8Descriptor.TryParse(payload, out var descriptor));
        var packet = new StoredPacket(100)
        {
            Stream = stream,
            Codec = stream.Producer.Track.Codecs[0],
            Number = number,
            Frame = new() { HasNumber = true, Number = picture, StartsFrame = true, EndsFrame = true, StartsKeyFrame = startsKeyFrame, TemporalId = temporalId },
            Vp8 = descriptor,
        };
        packet.SetContent(payload, default);
        return packet;
    }
}
