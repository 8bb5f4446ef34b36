using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Tocsin.Media.Wire.Payloads;

/// <summary>The payload descriptor before each piece of a VP9 frame, by value.</summary>
/// <remarks>
/// RFC 9628 section 4.2. Does not allocate.
/// <code>
///       0 1 2 3 4 5 6 7
///      |I|P|L|F|B|E|V|Z|    P: predicted from other pictures; F: flexible mode; B, E: start and end of a frame;
/// I:   |M| picture id  |    V: a scalability structure follows; Z: no frame of a higher spatial layer refers to this one
/// M:   |  picture id   |
/// L:   | TID |U| SID |D|    TID, SID: temporal and spatial layer; U: switching up point; D: refers to the spatial layer below
///      |   TL0PICIDX   |    not in flexible mode
/// P,F: |  P_DIFF     |N|    up to three times; N: another follows
/// V:   | scalability structure ...
/// </code>
/// </remarks>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Vp9Descriptor
{
    /// <remarks>Section 4.2: "up to 3 times".</remarks>
    private const int MaximumReferences = 3;

    private const int NoOffset = 0;

    private int PictureIdOffset { get; init; }

    private int BaseLayerIndexOffset { get; init; }

    private int StructureOffset { get; init; }

    /// <summary>In bytes, with the scalability structure: where the VP9 data begin.</summary>
    public int Length { get; private init; }

    /// <summary>P: refers to earlier pictures.</summary>
    public bool IsInterPicturePredicted { get; private init; }

    public bool IsFlexible { get; private init; }

    /// <summary>B: the first packet of a frame, which is one spatial layer of a picture.</summary>
    public bool StartsFrame { get; private init; }

    /// <summary>E.</summary>
    public bool EndsFrame { get; private init; }

    /// <summary>Z.</summary>
    public bool IsNotReferenceForUpperLayers { get; private init; }

    /// <summary>0, 7 or 15.</summary>
    public int PictureIdBits { get; private init; }

    public bool HasPictureId => PictureIdOffset != NoOffset;

    public ushort PictureId { get; private init; }

    public bool HasLayers { get; private init; }

    /// <summary>0 to 7.</summary>
    public byte TemporalId { get; private init; }

    /// <summary>0 to 7.</summary>
    public byte SpatialId { get; private init; }

    /// <summary>U: a receiver may climb to this temporal layer here.</summary>
    public bool IsSwitchingUpPoint { get; private init; }

    /// <summary>D: refers to the frame of the spatial layer below in the same picture.</summary>
    public bool IsInterLayerPredicted { get; private init; }

    public bool HasBaseLayerIndex => BaseLayerIndexOffset != NoOffset;

    /// <summary>TL0PICIDX, as with VP8.</summary>
    public byte BaseLayerIndex { get; private init; }

    public bool HasScalabilityStructure => StructureOffset != NoOffset;

    /// <summary>The first packet of a key picture: the base spatial layer, predicted from nothing.</summary>
    public bool StartsKeyFrame => StartsFrame && !IsInterPicturePredicted && SpatialId == 0 && !IsInterLayerPredicted;

    /// <summary>False where the payload ends before its descriptor, or right after it.</summary>
    public static bool TryParse(ReadOnlySpan<byte> payload, out Vp9Descriptor descriptor)
    {
        descriptor = default;
        if (payload.IsEmpty)
            return false;
        var first = payload[0];
        var offset = 1;
        var isPredicted = (first & 0x40) != 0;
        var isFlexible = (first & 0x10) != 0;
        int pictureIdOffset = NoOffset, pictureId = 0, pictureIdBits = 0, indexOffset = NoOffset, layers = 0, structureOffset = NoOffset;
        if ((first & 0x80) != 0)
        {
            pictureIdOffset = offset;
            if (!Vp8Descriptor.TryReadPictureId(payload, ref offset, out pictureId, out pictureIdBits))
                return false;
        }

        if ((first & 0x20) != 0)
        {
            if (payload.Length <= offset)
                return false;
            layers = payload[offset++];
            if (!isFlexible)
                indexOffset = offset++;
        }

        if (isPredicted && isFlexible && !TrySkipReferences(payload, ref offset))
            return false;
        if ((first & 2) != 0)
        {
            structureOffset = offset;
            if (offset >= payload.Length || !Vp9ScalabilityStructure.TryParse(payload[offset..], out var structure))
                return false;
            offset += structure.Length;
        }

        if (payload.Length <= offset)
            return false;
        descriptor = new Vp9Descriptor
        {
            Length = offset,
            IsInterPicturePredicted = isPredicted,
            IsFlexible = isFlexible,
            StartsFrame = (first & 8) != 0,
            EndsFrame = (first & 4) != 0,
            IsNotReferenceForUpperLayers = (first & 1) != 0,
            PictureIdOffset = pictureIdOffset,
            PictureIdBits = pictureIdBits,
            PictureId = (ushort)pictureId,
            HasLayers = (first & 0x20) != 0,
            TemporalId = (byte)(layers >> 5),
            IsSwitchingUpPoint = (layers & 0x10) != 0,
            SpatialId = (byte)((layers >> 1) & 7),
            IsInterLayerPredicted = (layers & 1) != 0,
            BaseLayerIndexOffset = indexOffset,
            BaseLayerIndex = indexOffset == NoOffset ? (byte)0 : payload[indexOffset],
            StructureOffset = structureOffset,
        };
        return true;
    }

    /// <summary>Of the payload that this descriptor was read from.</summary>
    public bool TryGetScalabilityStructure(ReadOnlySpan<byte> payload, out Vp9ScalabilityStructure structure)
    {
        structure = default;
        return HasScalabilityStructure && payload.Length >= StructureOffset && Vp9ScalabilityStructure.TryParse(payload[StructureOffset..], out structure);
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

    private static bool TrySkipReferences(ReadOnlySpan<byte> payload, ref int offset)
    {
        for (var count = 0; count < MaximumReferences; count++)
        {
            if (payload.Length <= offset)
                return false;
            if ((payload[offset++] & 1) == 0)
                return true;
        }

        return false;
    }
}
