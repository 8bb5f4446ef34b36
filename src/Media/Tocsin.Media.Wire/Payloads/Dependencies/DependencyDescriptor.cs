using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Tocsin.Media.Wire.Payloads.Dependencies;

/// <summary>What one packet says of its frame. Borrows its reader: good until the reader reads the next.</summary>
/// <remarks>
/// RTP Payload Format for AV1, appendix A section A.8.2. Does not allocate.
/// <code>
///  0                   1                   2
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3
/// |S|E| template  |         frame number          |   mandatory: three bytes; S, E: first and last packet of the frame
/// |T|A|D|F|C| structure (where T) | active decode targets (where A) | indications (D) | frame differences (F) | chain differences (C) | zeros
/// </code>
/// </remarks>
[StructLayout(LayoutKind.Auto)]
public readonly ref struct DependencyDescriptor
{
    public const int MandatoryLength = 3;
    internal const int MandatoryBits = 8 * MandatoryLength;
    internal const int FlagBits = 5;

    public bool StartsFrame { get; internal init; }

    public bool EndsFrame { get; internal init; }

    public ushort FrameNumber { get; internal init; }

    /// <summary>Whether this packet brought the structure: it is of a key frame.</summary>
    public bool HasStructure { get; internal init; }

    /// <summary>The structure that the frame is described by.</summary>
    public DependencyStructure Structure { get; internal init; }

    /// <summary>Whether this packet says which decode targets are sent from here on; a structure says: all.</summary>
    public bool HasActiveDecodeTargets { get; internal init; }

    /// <summary>A bit for each, the first the lowest; 0 where it is not said.</summary>
    public uint ActiveDecodeTargets { get; internal init; }

    public int SpatialId { get; internal init; }

    public int TemporalId { get; internal init; }

    internal ReadOnlySpan<byte> Indications { get; init; }

    /// <summary>How many frames back those are that this one refers to, 1 or more each. Empty for a key frame.</summary>
    public ReadOnlySpan<ushort> FrameDifferences { get; internal init; }

    /// <summary>For each chain how many frames back its previous frame is; 0 where the chain begins here.</summary>
    public ReadOnlySpan<byte> ChainDifferences { get; internal init; }

    /// <summary>Bits of the descriptor up to where the mask of active decode targets is, or would be.</summary>
    internal int StructureEnd { get; init; }

    /// <summary>Bits up to the last that has a meaning.</summary>
    internal int End { get; init; }

    internal int CustomFlags { get; init; }

    public DecodeTargetIndication Indication(int target) => (DecodeTargetIndication)Indications[target];

    /// <summary>Changes the frame number where it stands.</summary>
    /// <param name="value">A descriptor that was read, or a copy of it.</param>
    public static void SetFrameNumber(Span<byte> value, ushort frameNumber) => BinaryPrimitives.WriteUInt16BigEndian(value[1..], frameNumber);

    /// <summary>The same descriptor, but saying which decode targets are sent from here on: so a receiver does not wait for layers that are left out.</summary>
    /// <param name="value">What this was read from.</param>
    /// <param name="destination">Up to five bytes longer than <paramref name="value"/>, which it must not overlap.</param>
    /// <returns>False where it has no room, or the mask names a target that is not there.</returns>
    public bool TryWriteWithActiveDecodeTargets(ReadOnlySpan<byte> value, uint mask, Span<byte> destination, out int written)
    {
        const uint ActiveDecodeTargetsPresent = 8;
        written = 0;
        if ((mask & ~Structure.AllDecodeTargets) != 0)
            return false;
        var source = new BitReader(value);
        var target = new BitWriter(destination);
        target.Copy(ref source, MandatoryBits);
        var flags = ((HasStructure ? 1u : 0u) << 4) | ActiveDecodeTargetsPresent | (uint)CustomFlags;
        target.Write(flags, FlagBits);
        if (End > MandatoryBits)
        {
            var hadMask = (source.Read(FlagBits) & ActiveDecodeTargetsPresent) != 0;
            target.Copy(ref source, StructureEnd);
            if (hadMask)
                source.Read(Structure.DecodeTargetCount);
        }

        target.Write(mask, Structure.DecodeTargetCount);
        target.Copy(ref source, End);
        var fits = !target.HasFailed && !source.HasFailed;
        written = fits ? target.Length : 0;
        return fits;
    }
}
