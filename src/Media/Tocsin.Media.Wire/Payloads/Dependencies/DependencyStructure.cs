namespace Tocsin.Media.Wire.Payloads.Dependencies;

/// <summary>What a frame is to a decode target.</summary>
/// <remarks>Dependency Descriptor section A.8.3.</remarks>
public enum DecodeTargetIndication
{
    /// <summary>The target does without it.</summary>
    NotPresent = 0,

    /// <summary>Shown, but nothing of the target refers to it.</summary>
    Discardable = 1,

    /// <summary>From here the target can be decoded, whatever of it came before.</summary>
    Switch = 2,

    Required = 3,
}

/// <summary>The layers and dependencies that a stream's frames choose from by number. A key frame brings it; it holds until the next does.</summary>
/// <remarks>
/// RTP Payload Format for AV1, appendix A (Dependency Descriptor) section A.8.2. Bounded by what the format can say; what is beyond is refused. Filled in place, so
/// that a key frame allocates nothing: owned by one <see cref="DependencyDescriptorReader"/>, on its thread.
/// </remarks>
public sealed class DependencyStructure
{
    public const int MaximumTemplates = 64;
    public const int MaximumDecodeTargets = 32;

    /// <summary>Frames refer to a handful of others; encoders in use have at most eight buffers.</summary>
    public const int MaximumFrameDifferences = 16;

    /// <summary>Two bits of the descriptor's layers would allow more; AV1 itself has at most 4 spatial layers, and 8 temporal ones.</summary>
    public const int MaximumSpatialLayers = 4;

    internal const int MaximumTemporalLayers = 8;

    private readonly byte[] _spatialIds = new byte[MaximumTemplates];
    private readonly byte[] _temporalIds = new byte[MaximumTemplates];
    private readonly byte[] _indications = new byte[MaximumTemplates * MaximumDecodeTargets];
    private readonly ushort[] _frameDifferences = new ushort[MaximumTemplates * MaximumFrameDifferences];
    private readonly byte[] _frameDifferenceCounts = new byte[MaximumTemplates];
    private readonly byte[] _chainDifferences = new byte[MaximumTemplates * MaximumDecodeTargets];
    private readonly byte[] _protectingChains = new byte[MaximumDecodeTargets];
    private readonly byte[] _targetSpatialIds = new byte[MaximumDecodeTargets];
    private readonly byte[] _targetTemporalIds = new byte[MaximumDecodeTargets];
    private readonly ushort[] _widths = new ushort[MaximumSpatialLayers];
    private readonly ushort[] _heights = new ushort[MaximumSpatialLayers];

    /// <summary>The template id of the first template: ids run on from one structure to the next, so that late frames are not misread.</summary>
    public int TemplateIdOffset { get; private set; }

    /// <summary>1 to 64.</summary>
    public int TemplateCount { get; private set; }

    /// <summary>1 to 32.</summary>
    public int DecodeTargetCount { get; private set; }

    /// <summary>0 to <see cref="DecodeTargetCount"/>.</summary>
    public int ChainCount { get; private set; }

    public int SpatialLayerCount { get; private set; }

    public int TemporalLayerCount { get; private set; }

    public bool HasResolutions { get; private set; }

    /// <summary>A bit for each decode target.</summary>
    public uint AllDecodeTargets => uint.MaxValue >> (MaximumDecodeTargets - DecodeTargetCount);

    /// <summary>The highest spatial layer of any frame in that target.</summary>
    public int SpatialIdOfTarget(int target) => _targetSpatialIds[target];

    public int TemporalIdOfTarget(int target) => _targetTemporalIds[target];

    /// <summary>The chain that tells whether the target can still be decoded; only where <see cref="ChainCount"/> is not 0.</summary>
    public int ProtectingChain(int target) => _protectingChains[target];

    /// <summary>In pixels, of a spatial layer.</summary>
    public bool TryGetResolution(int spatialId, out int width, out int height)
    {
        var known = HasResolutions && spatialId >= 0 && spatialId < SpatialLayerCount;
        width = known ? _widths[spatialId] + 1 : 0;
        height = known ? _heights[spatialId] + 1 : 0;
        return known;
    }

    internal int SpatialIdOfTemplate(int template) => _spatialIds[template];

    internal int TemporalIdOfTemplate(int template) => _temporalIds[template];

    internal ReadOnlySpan<byte> IndicationsOfTemplate(int template) => _indications.AsSpan(template * MaximumDecodeTargets, DecodeTargetCount);

    internal ReadOnlySpan<ushort> FrameDifferencesOfTemplate(int template) =>
        _frameDifferences.AsSpan(template * MaximumFrameDifferences, _frameDifferenceCounts[template]);

    internal ReadOnlySpan<byte> ChainDifferencesOfTemplate(int template) => _chainDifferences.AsSpan(template * MaximumDecodeTargets, ChainCount);

    /// <summary>Fills this with template_dependency_structure(). On false its content is of no use.</summary>
    internal bool TryRead(ref BitReader bits)
    {
        TemplateIdOffset = (int)bits.Read(6);
        DecodeTargetCount = (int)bits.Read(5) + 1;
        if (!TryReadLayers(ref bits))
            return false;
        ReadIndications(ref bits);
        if (!TryReadFrameDifferences(ref bits))
            return false;
        ReadChains(ref bits);
        FindLayersOfTargets();
        ReadResolutions(ref bits);
        return !bits.HasFailed;
    }

    private bool TryReadLayers(ref BitReader bits)
    {
        int spatialId = 0, temporalId = 0, highestTemporalId = 0;
        TemplateCount = 0;
        uint next;
        do
        {
            if (TemplateCount == MaximumTemplates || spatialId >= MaximumSpatialLayers || temporalId >= MaximumTemporalLayers || bits.HasFailed)
                return false;
            _spatialIds[TemplateCount] = (byte)spatialId;
            _temporalIds[TemplateCount] = (byte)temporalId;
            TemplateCount++;
            highestTemporalId = Math.Max(highestTemporalId, temporalId);
            next = bits.Read(2);
            if (next == 1)
                temporalId++;
            else if (next == 2)
                (spatialId, temporalId) = (spatialId + 1, 0);
        }
        while (next != 3);
        SpatialLayerCount = spatialId + 1;
        TemporalLayerCount = highestTemporalId + 1;
        return true;
    }

    private void ReadIndications(ref BitReader bits)
    {
        for (var template = 0; template < TemplateCount; template++)
        {
            for (var target = 0; target < DecodeTargetCount; target++)
                _indications[(template * MaximumDecodeTargets) + target] = (byte)bits.Read(2);
        }
    }

    private bool TryReadFrameDifferences(ref BitReader bits)
    {
        for (var template = 0; template < TemplateCount; template++)
        {
            var count = 0;
            while (bits.ReadFlag())
            {
                if (count == MaximumFrameDifferences)
                    return false;
                _frameDifferences[(template * MaximumFrameDifferences) + count++] = (ushort)(bits.Read(4) + 1);
            }

            _frameDifferenceCounts[template] = (byte)count;
        }

        return true;
    }

    private void ReadChains(ref BitReader bits)
    {
        ChainCount = (int)bits.ReadNonSymmetric((uint)DecodeTargetCount + 1);
        if (ChainCount == 0)
            return;
        for (var target = 0; target < DecodeTargetCount; target++)
            _protectingChains[target] = (byte)bits.ReadNonSymmetric((uint)ChainCount);
        for (var template = 0; template < TemplateCount; template++)
        {
            for (var chain = 0; chain < ChainCount; chain++)
                _chainDifferences[(template * MaximumDecodeTargets) + chain] = (byte)bits.Read(4);
        }
    }

    private void FindLayersOfTargets()
    {
        for (var target = 0; target < DecodeTargetCount; target++)
        {
            int spatialId = 0, temporalId = 0;
            for (var template = 0; template < TemplateCount; template++)
            {
                if (_indications[(template * MaximumDecodeTargets) + target] == (byte)DecodeTargetIndication.NotPresent)
                    continue;
                spatialId = Math.Max(spatialId, _spatialIds[template]);
                temporalId = Math.Max(temporalId, _temporalIds[template]);
            }

            _targetSpatialIds[target] = (byte)spatialId;
            _targetTemporalIds[target] = (byte)temporalId;
        }
    }

    private void ReadResolutions(ref BitReader bits)
    {
        HasResolutions = bits.ReadFlag();
        for (var spatialId = 0; HasResolutions && spatialId < SpatialLayerCount; spatialId++)
        {
            _widths[spatialId] = (ushort)bits.Read(16);
            _heights[spatialId] = (ushort)bits.Read(16);
        }
    }
}
