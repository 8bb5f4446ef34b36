using System.Runtime.InteropServices;
using Tocsin.Media.Forwarding.Parameters;
using Tocsin.Media.Forwarding.Publishing;

namespace Tocsin.Media.Forwarding.Subscribing;

/// <summary>What stands for a codec of a track towards one subscriber.</summary>
/// <param name="RtxPayloadType">0 where the device takes no retransmissions.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct LegFormat(byte PayloadType, byte RtxPayloadType)
{
    /// <summary>Of each codec of the track that the subscriber was told of.</summary>
    public static (TrackCodec Codec, LegFormat Format)[] Read(PublishedTrack track, RtpParameters parameters)
    {
        var formats = new List<(TrackCodec, LegFormat)>();
        foreach (var codec in track.Codecs)
        {
            var payloadType = ConsumerNegotiation.PayloadTypeOf(codec.Capability);
            if (parameters.Codecs.Any(told => told.PayloadType == payloadType))
                formats.Add((codec, new LegFormat(payloadType, (byte)(parameters.Encodings[0].RtxSsrc is null ? 0 : payloadType + 1))));
        }

        return [.. formats];
    }
}
