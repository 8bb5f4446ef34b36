using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Tocsin.Media.Wire.Payloads;

/// <summary>The payload descriptor before each piece of a VP8 frame, by value: what layer selection needs, and where to rewrite it.</summary>
/// <remarks>
/// RFC 7741 section 4.2. Does not allocate.
/// <code>
///       0 1 2 3 4 5 6 7
///      |X|R|N|S|R| PID |    X: the next byte is there; N: nothing refers to this frame; S: start of a partition
/// X:   |I|L|T|K| RSV   |
/// I:   |M| picture id  |    M: 15 bits instead of 7
/// M:   |  picture id   |
/// L:   |   TL0PICIDX   |
/// T/K: |TID|Y| KEYIDX  |    TID: temporal layer; Y: refers to the base layer only
/// </code>
/// </remarks>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Vp8Descriptor
{
    private const int NoOffset = 0;

    private int PictureIdOffset { get; init; }

    private int BaseLayerIndexOffset { get; init; }

    /// <summary>In bytes: where the VP8 data begin.</summary>
    public int Length { get; private init; }

    /// <summary>Nothing refers to this frame: it can be dropped without a trace.</summary>
    public bool IsNonReference { get; private init; }

    /// <summary>The first packet of a frame.</summary>
    public bool StartsFrame { get; private init; }

    /// <summary>The first packet of a key frame: the data say so in their first byte (RFC 6386 section 9.1).</summary>
    public bool StartsKeyFrame { get; private init; }

    /// <summary>0, 7 or 15.</summary>
    public int PictureIdBits { get; private init; }

    public bool HasPictureId => PictureIdOffset != NoOffset;

    public ushort PictureId { get; private init; }

    public bool HasBaseLayerIndex => BaseLayerIndexOffset != NoOffset;

    /// <summary>TL0PICIDX: counts frames of temporal layer 0; of the others it names the frame of layer 0 that they need.</summary>
    public byte BaseLayerIndex { get; private init; }

    public bool HasTemporalId { get; private init; }

    /// <summary>0 to 3; 0 where there are no layers.</summary>
    public byte TemporalId { get; private init; }

    /// <summary>Y: refers to the base layer only, so a receiver may climb to this layer here.</summary>
    public bool IsLayerSync { get; private init; }

    /// <summary>False where the payload ends before its descriptor, or right after it.</summary>
    public static bool TryParse(ReadOnlySpan<byte> payload, out Vp8Descriptor descriptor)
    {
        descriptor = default;
        if (payload.IsEmpty)
            return false;
        var first = payload[0];
        var offset = 1;
        var extension = 0;
        if ((first & 0x80) != 0)
        {
            if (payload.Length <= offset)
                return false;
            extension = payload[offset++];
        }

        int pictureIdOffset = NoOffset, pictureId = 0, pictureIdBits = 0, indexOffset = NoOffset, layers = 0;
        if ((extension & 0x80) != 0)
        {
            pictureIdOffset = offset;
            if (!TryReadPictureId(payload, ref offset, out pictureId, out pictureIdBits))
                return false;
        }

        if ((extension & 0x40) != 0)
            indexOffset = offset++;
        if ((extension & 0x30) != 0)
        {
            if (payload.Length <= offset)
                return false;
            layers = payload[offset++];
        }

        if (payload.Length <= offset)
            return false;
        var startsFrame = (first & 0x10) != 0 && (first & 7) == 0;
        var hasTemporalId = (extension & 0x20) != 0;
        descriptor = new Vp8Descriptor
        {
            Length = offset,
            IsNonReference = (first & 0x20) != 0,
            StartsFrame = startsFrame,
            StartsKeyFrame = startsFrame && (payload[offset] & 1) == 0,
            PictureIdOffset = pictureIdOffset,
            PictureIdBits = pictureIdBits,
            PictureId = (ushort)pictureId,
            BaseLayerIndexOffset = indexOffset,
            BaseLayerIndex = indexOffset == NoOffset ? (byte)0 : payload[indexOffset],
            HasTemporalId = hasTemporalId,
            TemporalId = hasTemporalId ? (byte)(layers >> 6) : (byte)0,
            IsLayerSync = hasTemporalId && (layers & 0x20) != 0,
        };
        return true;
    }

    /// <summary>Changes picture id and TL0PICIDX where they stand, in the width they have; what is not there stays away.</summary>
    /// <param name="payload">The one that this descriptor was read from, or a copy.</param>
    /// <param name="pictureId">Its low 7 or 15 bits count.</param>
    public void Rewrite(Span<byte> payload, int pictureId, byte baseLayerIndex)
    {
        if (PictureIdBits == 7)
            payload[PictureIdOffset] = (byte)(pictureId & 0x7F);
        else if (PictureIdBits == 15)
            BinaryPrimitives.WriteUInt16BigEndian(payload[PictureIdOffset..], (ushort)(0x8000 | (pictureId & 0x7FFF)));
        if (HasBaseLayerIndex)
            payload[BaseLayerIndexOffset] = baseLayerIndex;
    }

    /// <summary>Width and height in pixels, which the first packet of a key frame tells.</summary>
    /// <remarks>RFC 6386 section 9.1: three bytes of frame tag, the start code 9D 01 2A, then 14 bits each, little-endian, below two bits of scaling.</remarks>
    public bool TryReadKeyFrameSize(ReadOnlySpan<byte> payload, out int width, out int height)
    {
        width = 0;
        height = 0;
        if (!StartsKeyFrame || payload.Length < Length + 10 || !payload.Slice(Length + 3, 3).SequenceEqual((ReadOnlySpan<byte>)[0x9D, 0x01, 0x2A]))
            return false;
        width = BinaryPrimitives.ReadUInt16LittleEndian(payload[(Length + 6)..]) & 0x3FFF;
        height = BinaryPrimitives.ReadUInt16LittleEndian(payload[(Length + 8)..]) & 0x3FFF;
        return true;
    }

    internal static bool TryReadPictureId(ReadOnlySpan<byte> payload, ref int offset, out int pictureId, out int bits)
    {
        pictureId = 0;
        bits = 0;
        if (payload.Length <= offset)
            return false;
        bits = (payload[offset] & 0x80) != 0 ? 15 : 7;
        pictureId = payload[offset++] & 0x7F;
        if (bits == 7)
            return true;
        if (payload.Length <= offset)
            return false;
        pictureId = (pictureId << 8) | payload[offset++];
        return true;
    }
}
