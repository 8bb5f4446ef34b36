using Tocsin.Media.Wire.Arithmetic;
using Tocsin.Media.Wire.Payloads;
using Tocsin.Media.Wire.Payloads.Dependencies;

namespace Tocsin.Media.Forwarding.Publishing;

/// <summary>Reads of each packet of one stream what layer selection needs, from its payload descriptor or its Dependency Descriptor.</summary>
/// <remarks>RFC 7741, RFC 9628, RFC 6184, RTP Payload Format for AV1. The meeting's thread. Allocates only when a stream first brings a Dependency Descriptor.</remarks>
internal sealed class FrameReader
{
    private const int FrameNumberBits = 16;

    private NarrowUnroller numbers;

    /// <summary>How many bits frame numbers have; a stream keeps to one width.</summary>
    private int bits;

    private DependencyDescriptorReader? dependencies;

    /// <summary>The decode targets of the current structure; empty where there is none.</summary>
    private readonly DecodeTarget[] targets = new DecodeTarget[DependencyStructure.MaximumDecodeTargets];

    private int targetCount;

    /// <summary>The highest spatial layer that was seen.</summary>
    public int HighestSpatialId { get; private set; }

    /// <summary>The highest temporal layer that was seen.</summary>
    public int HighestTemporalId { get; private set; }

    /// <summary>Fills in <see cref="StoredPacket.Frame"/> and the descriptor of the packet, whose content is set.</summary>
    public void Read(StoredPacket packet)
    {
        (packet.Vp8, packet.Vp9) = (default, default);
        packet.Frame = packet.Codec.Format switch
        {
            _ when packet.PayloadLength == 0 => default,
            PayloadFormat.Vp8 => ReadVp8(packet),
            PayloadFormat.Vp9 => ReadVp9(packet),
            PayloadFormat.H264 => ReadH264(packet),
            PayloadFormat.Av1 => ReadAv1(packet),
            _ => default,
        };
        HighestSpatialId = Math.Max(HighestSpatialId, packet.Frame.SpatialId);
        HighestTemporalId = Math.Max(HighestTemporalId, packet.Frame.TemporalId);
    }

    /// <summary>The best decode target within these layers, or the lowest there is; -1 where none are known.</summary>
    public int FindTarget(int spatial, int temporal)
    {
        var (best, lowest) = (-1, -1);
        for (var target = 0; target < targetCount; target++)
        {
            ref readonly var candidate = ref targets[target];
            if (lowest < 0 || candidate.Rank < targets[lowest].Rank)
                lowest = target;
            if (candidate.Spatial <= spatial && candidate.Temporal <= temporal && (best < 0 || candidate.Rank > targets[best].Rank))
                best = target;
        }

        return best < 0 ? lowest : best;
    }

    public (int Spatial, int Temporal) LayersOf(int target) => (targets[target].Spatial, targets[target].Temporal);

    private FrameInfo ReadVp8(StoredPacket packet)
    {
        if (!Vp8Descriptor.TryParse(packet.Payload, out var descriptor))
            return default;
        packet.Vp8 = descriptor;
        return new FrameInfo
        {
            HasNumber = TryUnroll(descriptor.PictureId, descriptor.PictureIdBits, out var number),
            Number = number,
            StartsFrame = descriptor.StartsFrame,
            EndsFrame = packet.Marker,
            StartsKeyFrame = descriptor.StartsKeyFrame,
            TemporalId = descriptor.TemporalId,
            IsSwitchingPoint = descriptor.IsLayerSync,
        };
    }

    private FrameInfo ReadVp9(StoredPacket packet)
    {
        if (!Vp9Descriptor.TryParse(packet.Payload, out var descriptor))
            return default;
        packet.Vp9 = descriptor;
        return new FrameInfo
        {
            HasNumber = TryUnroll(descriptor.PictureId, descriptor.PictureIdBits, out var number),
            Number = number,
            StartsFrame = descriptor.StartsFrame,
            EndsFrame = descriptor.EndsFrame,
            StartsKeyFrame = descriptor.StartsKeyFrame,
            SpatialId = descriptor.SpatialId,
            TemporalId = descriptor.TemporalId,
            IsSwitchingPoint = descriptor.IsSwitchingUpPoint,
        };
    }

    private FrameInfo ReadH264(StoredPacket packet)
    {
        var frame = ReadDependencies(packet);
        // Only where the parameters come: the slice alone cannot be decoded by who never had them.
        frame.StartsKeyFrame = H264Payload.TryParse(packet.Payload, out var payload) && payload.HasSequenceParameters;
        return frame;
    }

    private FrameInfo ReadAv1(StoredPacket packet)
    {
        var frame = ReadDependencies(packet);
        if (!frame.HasNumber)
            frame.StartsKeyFrame = Av1Payload.TryParse(packet.Payload, out var payload) && payload.StartsKeyFrame;
        return frame;
    }

    private FrameInfo ReadDependencies(StoredPacket packet)
    {
        if (packet.DependencyDescriptorLength == 0)
            return default;
        dependencies ??= new DependencyDescriptorReader();
        if (!dependencies.TryRead(packet.DependencyDescriptor, out var descriptor))
            return default;
        if (descriptor.HasStructure)
            KeepTargets(descriptor.Structure);
        uint present = 0, switches = 0;
        for (var target = 0; target < descriptor.Structure.DecodeTargetCount; target++)
        {
            var indication = descriptor.Indication(target);
            present |= indication == DecodeTargetIndication.NotPresent ? 0 : 1u << target;
            switches |= indication == DecodeTargetIndication.Switch ? 1u << target : 0;
        }

        return new FrameInfo
        {
            HasNumber = TryUnroll(descriptor.FrameNumber, FrameNumberBits, out var number),
            Number = number,
            StartsFrame = descriptor.StartsFrame,
            EndsFrame = descriptor.EndsFrame,
            StartsKeyFrame = descriptor.HasStructure && descriptor.StartsFrame && descriptor.FrameDifferences.IsEmpty && descriptor.SpatialId == 0,
            SpatialId = (byte)descriptor.SpatialId,
            TemporalId = (byte)descriptor.TemporalId,
            HasTargets = true,
            PresentTargets = present,
            SwitchTargets = switches,
        };
    }

    private void KeepTargets(DependencyStructure structure)
    {
        targetCount = structure.DecodeTargetCount;
        for (var target = 0; target < targetCount; target++)
            targets[target] = new DecodeTarget(structure.SpatialIdOfTarget(target), structure.TemporalIdOfTarget(target));
    }

    private bool TryUnroll(ushort value, int width, out long number)
    {
        number = 0;
        if (width == 0 || (bits != 0 && bits != width))
            return false;
        if (bits == 0)
            (bits, numbers) = (width, new NarrowUnroller(width));
        number = numbers.Unroll(value);
        return true;
    }

    private readonly record struct DecodeTarget(int Spatial, int Temporal)
    {
        public int Rank => (Spatial << 8) | Temporal;
    }
}
