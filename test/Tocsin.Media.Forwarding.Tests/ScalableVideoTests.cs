using Tocsin.Media.Engine;
using Tocsin.Media.Forwarding.Parameters;
using Tocsin.Media.Forwarding.Publishing;
using Tocsin.Media.Forwarding.Subscribing;
using Tocsin.Media.Forwarding.Tests.Parameters;
using Tocsin.Media.Forwarding.Tests.Simulation;
using Tocsin.Media.Wire.Payloads;
using Tocsin.Media.Wire.Payloads.Dependencies;
using Tocsin.Media.Wire.Rtp;
using Tocsin.Media.Wire.Tests.Payloads;

namespace Tocsin.Media.Forwarding.Tests;

/// <summary>Layers within one stream: VP9 by its payload descriptor, AV1 by the Dependency Descriptor.</summary>
public sealed class ScalableVideoTests
{
    /// <summary>RFC 9628 section 4.2: P, D and U as an encoder of three spatial and three temporal layers sets them.</summary>
    [Fact]
    public void Vp9_layers_above_the_preferred_are_left_out_and_the_marker_moves_down()
    {
        var meeting = new LayeredMeeting("video/VP9", SendVp9);
        meeting.Consumer.SetPreferredLayers(meeting.Now, new VideoLayers(1, 1));
        meeting.Run(pictures: 60);
        meeting.Received.Clear();
        meeting.Run(pictures: 40);

        var frames = meeting.Received.ConvertAll(ReadVp9);
        Assert.Equal([0, 1], frames.Select(frame => (int)frame.SpatialId).Distinct().Order());
        Assert.Equal([0, 1], frames.Select(frame => (int)frame.TemporalId).Distinct().Order());
        Assert.All(meeting.Received.Zip(frames), packet => Assert.Equal(packet.Second.SpatialId == 1, packet.First.Marker));
        meeting.AssertNumbersAreContiguous();
        // Pictures that are left out keep their ids: the group of pictures is told by the distance.
        Assert.All(frames.Zip(frames.Skip(1)), pair => Assert.Contains((pair.Second.PictureId - pair.First.PictureId) & 0x7FFF, new[] { 0, 2 }));
        Assert.Equal(new VideoLayers(1, 1), meeting.Consumer.CurrentLayers);
    }

    [Fact]
    public void Vp9_climbs_to_a_larger_picture_at_key_frames_only_and_falls_at_once()
    {
        var meeting = new LayeredMeeting("video/VP9", SendVp9);
        meeting.Consumer.SetPreferredLayers(meeting.Now, new VideoLayers(0, 2));
        meeting.Run(pictures: 40);
        meeting.Received.Clear();
        meeting.AnswersKeyFrameRequests = false;

        meeting.Consumer.SetPreferredLayers(meeting.Now, new VideoLayers(2, 2));
        meeting.Run(pictures: 40);
        Assert.All(meeting.Received, packet => Assert.Equal(0, ReadVp9(packet).SpatialId));
        Assert.True(meeting.KeyFrameRequests > 0, "No key frame was asked for");

        meeting.AnswersKeyFrameRequests = true;
        meeting.Run(pictures: 40);
        var first = meeting.Received.FindIndex(packet => ReadVp9(packet).SpatialId > 0);
        Assert.True(ReadVp9(meeting.Received[first - 1]).StartsKeyFrame, "It climbed where a decoder cannot follow");
        Assert.Equal(2, ReadVp9(meeting.Received[^1]).SpatialId);
        meeting.AssertNumbersAreContiguous();

        meeting.Received.Clear();
        meeting.Consumer.SetPreferredLayers(meeting.Now, new VideoLayers(1, 0));
        meeting.Run(pictures: 1);
        meeting.Received.Clear();
        meeting.Run(pictures: 20);
        Assert.All(meeting.Received, packet => Assert.True(ReadVp9(packet) is { SpatialId: <= 1, TemporalId: 0 }));
    }

    /// <summary>Dependency Descriptor sections A.8.3 and A.10, L2T2.</summary>
    [Fact]
    public void Av1_passes_on_what_its_decode_target_needs()
    {
        var meeting = new LayeredMeeting("video/AV1", SendAv1);
        meeting.Consumer.SetPreferredLayers(meeting.Now, new VideoLayers(0, 1));
        meeting.Run(pictures: 40);
        meeting.Received.Clear();
        meeting.Run(pictures: 20);
        Assert.All(meeting.Received, packet => Assert.InRange(packet.Payload[1], 0, 1));
        Assert.Equal(20, meeting.Received.Count);
        Assert.All(meeting.Received, packet => Assert.True(packet.Marker, "A picture without an end"));

        meeting.Consumer.SetPreferredLayers(meeting.Now, new VideoLayers(1, 0));
        meeting.Run(pictures: 40);
        meeting.Received.Clear();
        meeting.Run(pictures: 20);
        Assert.Equal([0, 2], meeting.Received.Select(packet => (int)packet.Payload[1]).Distinct().Order());
        Assert.Equal(20, meeting.Received.Count);
        meeting.AssertNumbersAreContiguous();
        // Frames that are left out keep their numbers: dependencies are told by distance.
        Assert.Single(meeting.Received.Select(packet => (byte)(packet.FrameNumber - packet.Payload[2])).Distinct());
    }

    [Fact]
    public void H264_switches_only_where_parameters_come()
    {
        var meeting = new LayeredMeeting("video/H264", SendH264, encodings: 2);
        meeting.Consumer.SetPreferredLayers(meeting.Now, new VideoLayers(0, 0));
        meeting.Run(pictures: 30);
        meeting.Consumer.SetPreferredLayers(meeting.Now, new VideoLayers(1, 0));
        meeting.Run(pictures: 30);

        var last = -1;
        foreach (var packet in meeting.Received)
        {
            if (packet.Payload[1] != last)
                Assert.Equal(7, packet.Payload[0] & 0x1F);
            last = packet.Payload[1];
        }

        Assert.Equal(1, last);
        meeting.AssertNumbersAreContiguous();
    }

    private static Vp9Descriptor ReadVp9(LayeredMeeting.ReceivedPacket packet)
    {
        Assert.True(Vp9Descriptor.TryParse(packet.Payload, out var descriptor));
        return descriptor;
    }

    private static void SendVp9(LayeredMeeting meeting, int picture, bool isKey)
    {
        var temporal = isKey ? 0 : (int[])[0, 2, 1, 2] is var pattern ? pattern[meeting.SinceKey % 4] : 0;
        for (var spatial = 0; spatial < 3; spatial++)
        {
            var flags = 0x80 | (isKey ? 0 : 0x40) | 0x20 | 0x08 | 0x04;
            var layers = (temporal << 5) | (temporal == 0 ? 0x10 : 0) | (spatial << 1) | (spatial > 0 ? 1 : 0);
            byte[] payload = [(byte)flags, (byte)(0x80 | ((picture >> 8) & 0x7F)), (byte)picture, (byte)layers, (byte)(meeting.SinceKey / 4), 1, 2, 3];
            meeting.Send(0, payload, picture, marker: spatial == 2, descriptor: []);
        }
    }

    private static void SendAv1(LayeredMeeting meeting, int picture, bool isKey)
    {
        var isUpper = !isKey && meeting.SinceKey % 2 == 1;
        for (var spatial = 0; spatial < 2; spatial++)
        {
            var frame = (2 * picture) + spatial;
            var template = (spatial, isKey, isUpper) switch
            {
                (0, true, _) => 0,
                (0, _, true) => 2,
                (0, _, _) => 1,
                (_, true, _) => 3,
                (_, _, true) => 5,
                _ => 4,
            };
            var bits = DependencySamples.Mandatory(template, frame & 0xFFFF, starts: true, ends: true);
            var descriptor = NaiveBits.Bytes(isKey && spatial == 0 ? bits + "10000" + DependencySamples.L2T2Bits() : bits);
            byte[] payload = [(byte)(isKey && spatial == 0 ? 0x18 : 0x10), (byte)((2 * spatial) + (isUpper ? 1 : 0)), (byte)frame, 3];
            meeting.Send(0, payload, picture, marker: spatial == 1, descriptor);
        }
    }

    private static void SendH264(LayeredMeeting meeting, int picture, bool isKey)
    {
        for (byte encoding = 0; encoding < 2; encoding++)
        {
            if (isKey)
                meeting.Send(encoding, [0x67, encoding, 3, 4], picture, marker: false, descriptor: []);
            meeting.Send(encoding, [(byte)(isKey ? 0x65 : 0x41), encoding, 3, 4], picture, marker: true, descriptor: []);
        }
    }
}
