using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Tocsin.Media.Wire.Payloads;

/// <summary>Which layers a VP9 stream has. Borrows the datagram.</summary>
/// <remarks>
/// RFC 9628 section 4.2.1. Does not allocate.
/// <code>
///      | N_S |Y|G|-|-|-|    N_S: spatial layers minus one; Y: sizes follow; G: a picture group follows
/// Y:   | width (16)  | height (16) |    for each spatial layer
/// G:   |      N_G      |    pictures in the group
///      | TID |U| R |-|-|    for each; R: how many references
///      |    P_DIFF     |    R times
/// </code>
/// </remarks>
[StructLayout(LayoutKind.Auto)]
public readonly ref struct Vp9ScalabilityStructure
{
    private const int SizeLength = 4;

    private readonly ReadOnlySpan<byte> _structure;

    private Vp9ScalabilityStructure(ReadOnlySpan<byte> structure) => _structure = structure;

    /// <summary>In bytes.</summary>
    public int Length => _structure.Length;

    /// <summary>1 to 8.</summary>
    public int SpatialLayerCount => (_structure[0] >> 5) + 1;

    public bool HasSizes => (_structure[0] & 0x10) != 0;

    public bool HasPictureGroup => (_structure[0] & 8) != 0;

    /// <summary>The temporal layers that the picture group speaks of; 1 where there is none.</summary>
    public int TemporalLayerCount
    {
        get
        {
            var highest = 0;
            var offset = GroupOffset(_structure[0]);
            for (var left = HasPictureGroup ? _structure[offset++] : 0; left > 0; left--)
            {
                highest = Math.Max(highest, _structure[offset] >> 5);
                offset += PictureLength(_structure[offset]);
            }

            return highest + 1;
        }
    }

    public static bool TryParse(ReadOnlySpan<byte> bytes, out Vp9ScalabilityStructure structure)
    {
        structure = default;
        if (bytes.IsEmpty)
            return false;
        var offset = GroupOffset(bytes[0]);
        if ((bytes[0] & 8) != 0)
        {
            if (bytes.Length <= offset)
                return false;
            for (var left = bytes[offset++]; left > 0; left--)
            {
                if (bytes.Length <= offset)
                    return false;
                offset += PictureLength(bytes[offset]);
            }
        }

        if (bytes.Length < offset)
            return false;
        structure = new Vp9ScalabilityStructure(bytes[..offset]);
        return true;
    }

    /// <summary>In pixels.</summary>
    public bool TryGetSize(int spatialLayer, out int width, out int height)
    {
        width = 0;
        height = 0;
        if (!HasSizes || spatialLayer < 0 || spatialLayer >= SpatialLayerCount)
            return false;
        var size = _structure[(1 + (SizeLength * spatialLayer))..];
        width = BinaryPrimitives.ReadUInt16BigEndian(size);
        height = BinaryPrimitives.ReadUInt16BigEndian(size[2..]);
        return true;
    }

    private static int GroupOffset(byte first) => 1 + ((first & 0x10) != 0 ? SizeLength * ((first >> 5) + 1) : 0);

    private static int PictureLength(byte picture) => 1 + ((picture >> 2) & 3);
}
