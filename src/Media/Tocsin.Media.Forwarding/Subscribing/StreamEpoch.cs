using Tocsin.Media.Forwarding.Publishing;

namespace Tocsin.Media.Forwarding.Subscribing;

/// <summary>The time from one key frame to the next switch, in which a subscriber gets one stream of a track: how its numbers become those that the subscriber sees.</summary>
/// <remarks>The meeting's thread. Allocates only when it is made.</remarks>
internal sealed class StreamEpoch
{
    private NumberMapper sequence = new();

    /// <summary>Of VP8: its receivers wait for picture ids that are missing. With VP9 and the Dependency Descriptor ids may have gaps, and dependencies are told by their distances.</summary>
    private NumberMapper pictures = new();

    private LayerFilter filter;
    private byte baseLayerOffset;
    private byte nextBaseLayerIndex;
    private int incarnation;

    /// <summary>Null before the first.</summary>
    public PublishedStream? Stream { get; private set; }

    /// <summary>What is added to the source's timestamps.</summary>
    public uint TimestampOffset { get; private set; }

    public VideoLayers Layers => filter.Layers;

    /// <summary>What the next packet, picture and picture of the base layer would be; places that are kept for late ones are before it.</summary>
    public EpochStart Next => new(sequence.Next, pictures.Next, nextBaseLayerIndex);

    /// <param name="keyFrame">The first packet of it.</param>
    public void Begin(StoredPacket keyFrame, in EpochStart start, uint timestampOffset)
    {
        Stream = keyFrame.Stream;
        incarnation = keyFrame.Stream.Incarnation;
        TimestampOffset = timestampOffset;
        sequence.Begin(keyFrame.Number, start.Sequence);
        pictures.Begin(keyFrame.Frame.Number, start.Picture);
        baseLayerOffset = (byte)(start.BaseLayerIndex - BaseLayerIndexOf(keyFrame));
        filter.Begin();
        nextBaseLayerIndex = start.BaseLayerIndex;
    }

    /// <summary>Nothing of the stream is of this epoch any more.</summary>
    public void Clear() => Stream = null;

    /// <summary>Whether the publisher has begun the stream anew: nothing more of this epoch comes.</summary>
    public bool IsOver => Stream is not null && Stream.Incarnation != incarnation;

    public bool Covers(StoredPacket packet) => Stream == packet.Stream && incarnation == packet.Stream.Incarnation && packet.Number >= sequence.First;

    /// <summary>Whether the packet came before others of the epoch that are passed on already.</summary>
    public bool IsLate(StoredPacket packet) => packet.Number <= sequence.Highest;

    /// <summary>Decides on a packet that is newer than all before it.</summary>
    public bool TryKeep(StoredPacket packet, VideoLayers wanted, out Rewriting rewriting)
    {
        rewriting = default;
        var isNewPicture = packet.Frame.HasNumber && packet.Frame.Number > pictures.Highest;
        if (!filter.Accepts(packet, wanted))
        {
            sequence.LeaveOut(packet.Number);
            if (isNewPicture && packet.Codec.Format == PayloadFormat.Vp8)
                pictures.LeaveOut(packet.Frame.Number);
            // What it rests on in the base layer may still be missing, and come when others follow already: its index is taken.
            if (packet.Frame.TemporalId > 0)
                NoticeBaseLayer((byte)(BaseLayerIndexOf(packet) + baseLayerOffset));
            return false;
        }

        if (packet.Frame.HasNumber && packet.Frame.Number < pictures.First)
        {
            sequence.LeaveOut(packet.Number);
            return false;
        }

        var number = sequence.Keep(packet.Number);
        var picture = isNewPicture ? pictures.Keep(packet.Frame.Number) : PictureOf(packet);
        rewriting = Rewrite(packet, number, picture);
        NoticeBaseLayer(rewriting.BaseLayerIndex);
        return true;
    }

    /// <summary>Decides on a packet that comes late.</summary>
    /// <param name="isFiller">It was to be left out, but its place is kept: an empty packet must take it, or the subscriber asks for it in vain.</param>
    public bool TryFit(StoredPacket packet, out Rewriting rewriting, out bool isFiller)
    {
        rewriting = default;
        isFiller = false;
        if (sequence.Find(packet.Number, out var number) != Place.Kept)
            return false;
        var picture = packet.Frame.Number;
        var pictureIsKept = !packet.Frame.HasNumber || (picture <= pictures.Highest && pictures.Find(picture, out picture) == Place.Kept);
        // A VP8 picture that was lost whole has kept its id: one layer above what is passed on can be decoded, and leaves no hole.
        var leeway = packet.Codec.Format == PayloadFormat.Vp8 ? 1 : 0;
        isFiller = packet.PayloadLength == 0 || !pictureIsKept || !filter.AcceptsLate(packet.Frame, leeway);
        rewriting = Rewrite(packet, number, picture);
        return true;
    }

    private void NoticeBaseLayer(byte index)
    {
        if (Distance(nextBaseLayerIndex, index) >= 0)
            nextBaseLayerIndex = (byte)(index + 1);
    }

    private long PictureOf(StoredPacket packet)
    {
        pictures.Find(packet.Frame.Number, out var mapped);
        return mapped;
    }

    private Rewriting Rewrite(StoredPacket packet, long number, long picture) => new(
        (ushort)number,
        packet.Timestamp + TimestampOffset,
        packet.Marker || filter.EndsPicture(packet.Frame),
        (ushort)picture,
        (byte)(BaseLayerIndexOf(packet) + baseLayerOffset));

    private static byte BaseLayerIndexOf(StoredPacket packet) => packet.Codec.Format switch
    {
        PayloadFormat.Vp8 => packet.Vp8.BaseLayerIndex,
        PayloadFormat.Vp9 => packet.Vp9.BaseLayerIndex,
        _ => 0,
    };

    private static int Distance(byte from, byte to) => (sbyte)(to - from);
}

/// <summary>Where the numbers of a subscriber stand.</summary>
/// <param name="Sequence">Unrolled.</param>
/// <param name="Picture">Unrolled.</param>
internal readonly record struct EpochStart(long Sequence, long Picture, byte BaseLayerIndex);
