namespace Tocsin.Media.Wire.Tests.Payloads;

/// <summary>A slow reader of Dependency Descriptors that follows the pseudo code of appendix A.8.2 line by line, and keeps the structure as the reader under test does.</summary>
internal sealed class NaiveDependencies
{
    private Structure? _structure;
    private int _structureFrame;

    internal sealed class Structure
    {
        public int Offset;
        public int Targets;
        public List<(int Spatial, int Temporal)> Layers = [];
        public List<int[]> Indications = [];
        public List<int[]> Differences = [];
        public int[] ProtectedBy = [];
        public int Chains;
        public List<int[]> ChainDifferences = [];
        public List<(int Width, int Height)> Resolutions = [];
    }

    /// <returns>A line of text, or null where nothing is known of the frame.</returns>
    public string? Read(byte[] value)
    {
        try
        {
            return ReadOrThrow(value);
        }
        catch (NaiveBits.EndOfBits)
        {
            return null;
        }
    }

    private string? ReadOrThrow(byte[] value)
    {
        var bits = NaiveBits.Of(value);
        var (start, end, template, frame) = (bits.Take(1), bits.Take(1), bits.Take(6), bits.Take(16));
        var extended = value.Length > 3 ? 1 : 0;
        var (hasStructure, hasMask, customIndications, customDifferences, customChains) =
            (bits.Take(extended), bits.Take(extended), bits.Take(extended), bits.Take(extended), bits.Take(extended));
        var structure = hasStructure == 1 ? ReadStructure(bits) : _structure;
        if (structure is null)
            return null;
        var mask = hasStructure == 1 ? "all" : "-";
        if (hasMask == 1)
        {
            var high = bits.Take(structure.Targets / 2);
            mask = (((long)high << (structure.Targets - (structure.Targets / 2))) | (uint)bits.Take(structure.Targets - (structure.Targets / 2))).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        if (mask == "all" || mask == ((1L << structure.Targets) - 1).ToString(System.Globalization.CultureInfo.InvariantCulture))
            mask = "all";
        var index = (template + 64 - structure.Offset) % 64;
        if (index >= structure.Layers.Count)
            return null;
        var indications = customIndications == 1 ? Times(structure.Targets, () => bits.Take(2)) : structure.Indications[index];
        var differences = structure.Differences[index];
        if (customDifferences == 1)
        {
            var list = new List<int>();
            for (var size = bits.Take(2); size != 0; size = bits.Take(2))
            {
                list.Add(bits.Take(4 * size) + 1);
                if (list.Count > 16)
                    return null;
            }

            differences = [.. list];
        }

        var chains = customChains == 1 ? Times(structure.Chains, () => bits.Take(8)) : structure.ChainDifferences[index];
        var late = (short)(frame - _structureFrame) is < 0 and >= -1024;
        if (hasStructure == 1 && (_structure is null || !late))
            (_structure, _structureFrame) = (structure, frame);
        var (spatial, temporal) = structure.Layers[index];
        return $"{start}{end} {frame} {hasStructure} mask {mask} S{spatial} T{temporal} {string.Concat(indications)} [{string.Join(',', differences)}] [{string.Join(',', chains)}] {Describe(structure)}";
    }

    private static Structure? ReadStructure(NaiveBits bits)
    {
        var structure = new Structure { Offset = bits.Take(6), Targets = bits.Take(5) + 1 };
        var (spatial, temporal, next) = (0, 0, 0);
        while (next != 3)
        {
            if (structure.Layers.Count == 64 || spatial > 3 || temporal > 7)
                return null;
            structure.Layers.Add((spatial, temporal));
            next = bits.Take(2);
            (spatial, temporal) = next switch { 1 => (spatial, temporal + 1), 2 => (spatial + 1, 0), _ => (spatial, temporal) };
        }

        foreach (var _ in structure.Layers)
            structure.Indications.Add(Times(structure.Targets, () => bits.Take(2)));
        foreach (var _ in structure.Layers)
        {
            var list = new List<int>();
            while (bits.Take(1) == 1)
                list.Add(bits.Take(4) + 1);
            if (list.Count > 16)
                return null;
            structure.Differences.Add([.. list]);
        }

        structure.Chains = bits.TakeNonSymmetric(structure.Targets + 1);
        if (structure.Chains > 0)
            structure.ProtectedBy = Times(structure.Targets, () => bits.TakeNonSymmetric(structure.Chains));
        foreach (var _ in structure.Layers)
            structure.ChainDifferences.Add(Times(structure.Chains, () => bits.Take(4)));
        if (bits.Take(1) == 1)
            structure.Resolutions = [.. Enumerable.Range(0, structure.Layers[^1].Spatial + 1).Select(_ => (bits.Take(16) + 1, bits.Take(16) + 1))];
        return structure;
    }

    private static string Describe(Structure structure)
    {
        var targets = Enumerable.Range(0, structure.Targets).Select(target =>
        {
            var used = structure.Layers.Where((_, index) => structure.Indications[index][target] != 0).ToList();
            var (spatial, temporal) = used.Count == 0 ? (0, 0) : (used.Max(layer => layer.Spatial), used.Max(layer => layer.Temporal));
            return $"S{spatial}T{temporal}{(structure.Chains > 0 ? $"c{structure.ProtectedBy[target]}" : "")}";
        });
        return $"{structure.Layers.Count} templates, {string.Join(' ', targets)}, {structure.Chains} chains, {string.Join(' ', structure.Resolutions.Select(size => $"{size.Width}x{size.Height}"))}";
    }

    private static int[] Times(int count, Func<int> take) => [.. Enumerable.Range(0, count).Select(_ => take())];
}
