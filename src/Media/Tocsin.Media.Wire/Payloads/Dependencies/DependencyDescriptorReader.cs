using Tocsin.Media.Wire.Arithmetic;

namespace Tocsin.Media.Wire.Payloads.Dependencies;

/// <summary>Reads the descriptors of one stream, and keeps the structure that its last key frame brought.</summary>
/// <remarks>One thread. Allocates only when it is made.</remarks>
public sealed class DependencyDescriptorReader
{
    /// <summary>A structure that belongs to a frame at most so many before the current one is late, not new; further back, the sender has begun again.</summary>
    private const int LateFrames = 1024;

    private readonly byte[] _indications = new byte[DependencyStructure.MaximumDecodeTargets];
    private readonly ushort[] _frameDifferences = new ushort[DependencyStructure.MaximumFrameDifferences];
    private readonly byte[] _chainDifferences = new byte[DependencyStructure.MaximumDecodeTargets];

    private DependencyStructure _current = new();

    /// <summary>Read into first, so that a broken structure leaves the current one as it was.</summary>
    private DependencyStructure _spare = new();

    private bool _hasStructure;
    private ushort _structureFrameNumber;

    /// <summary>False where it is out of bounds, or speaks of a structure that never came (the key frame was lost): then nothing is known of the frame.</summary>
    public bool TryRead(ReadOnlySpan<byte> value, out DependencyDescriptor descriptor)
    {
        descriptor = default;
        if (value.Length < DependencyDescriptor.MandatoryLength)
            return false;
        var bits = new BitReader(value);
        var startsFrame = bits.ReadFlag();
        var endsFrame = bits.ReadFlag();
        var templateId = (int)bits.Read(6);
        var frameNumber = (ushort)bits.Read(16);
        var flags = value.Length > DependencyDescriptor.MandatoryLength ? bits.Read(DependencyDescriptor.FlagBits) : 0;
        var bringsStructure = (flags & 16) != 0;
        if (bringsStructure ? !_spare.TryRead(ref bits) : !_hasStructure)
            return false;
        var structure = bringsStructure ? _spare : _current;
        var structureEnd = bits.Position;
        var hasMask = (flags & 8) != 0;
        var mask = hasMask ? bits.Read(structure.DecodeTargetCount) : bringsStructure ? structure.AllDecodeTargets : 0;
        var template = (templateId + DependencyStructure.MaximumTemplates - structure.TemplateIdOffset) % DependencyStructure.MaximumTemplates;
        if (template >= structure.TemplateCount)
            return false;
        var indications = (flags & 4) != 0 ? ReadIndications(ref bits, structure) : structure.IndicationsOfTemplate(template);
        var frameDifferences = structure.FrameDifferencesOfTemplate(template);
        if ((flags & 2) != 0 && !TryReadFrameDifferences(ref bits, out frameDifferences))
            return false;
        var chainDifferences = (flags & 1) != 0 ? ReadChainDifferences(ref bits, structure) : structure.ChainDifferencesOfTemplate(template);
        if (bits.HasFailed)
            return false;
        if (bringsStructure)
            KeepStructure(frameNumber);
        descriptor = new DependencyDescriptor
        {
            StartsFrame = startsFrame,
            EndsFrame = endsFrame,
            FrameNumber = frameNumber,
            HasStructure = bringsStructure,
            Structure = structure,
            HasActiveDecodeTargets = hasMask || bringsStructure,
            ActiveDecodeTargets = mask,
            SpatialId = structure.SpatialIdOfTemplate(template),
            TemporalId = structure.TemporalIdOfTemplate(template),
            Indications = indications,
            FrameDifferences = frameDifferences,
            ChainDifferences = chainDifferences,
            StructureEnd = structureEnd,
            End = bits.Position,
            CustomFlags = (int)flags & 7,
        };
        return true;
    }

    /// <summary>Makes the spare structure the current one, unless it came late: then it describes only the packet that brought it.</summary>
    private void KeepStructure(ushort frameNumber)
    {
        var distance = SequenceNumber.Distance(_structureFrameNumber, frameNumber);
        if (_hasStructure && distance is < 0 and >= -LateFrames)
            return;
        (_current, _spare) = (_spare, _current);
        _structureFrameNumber = frameNumber;
        _hasStructure = true;
    }

    private ReadOnlySpan<byte> ReadIndications(scoped ref BitReader bits, DependencyStructure structure)
    {
        for (var target = 0; target < structure.DecodeTargetCount; target++)
            _indications[target] = (byte)bits.Read(2);
        return _indications.AsSpan(0, structure.DecodeTargetCount);
    }

    private bool TryReadFrameDifferences(scoped ref BitReader bits, out ReadOnlySpan<ushort> differences)
    {
        differences = default;
        var count = 0;
        for (var size = (int)bits.Read(2); size != 0; size = (int)bits.Read(2))
        {
            if (count == _frameDifferences.Length)
                return false;
            _frameDifferences[count++] = (ushort)(bits.Read(4 * size) + 1);
        }

        differences = _frameDifferences.AsSpan(0, count);
        return true;
    }

    private ReadOnlySpan<byte> ReadChainDifferences(scoped ref BitReader bits, DependencyStructure structure)
    {
        for (var chain = 0; chain < structure.ChainCount; chain++)
            _chainDifferences[chain] = (byte)bits.Read(8);
        return _chainDifferences.AsSpan(0, structure.ChainCount);
    }
}
