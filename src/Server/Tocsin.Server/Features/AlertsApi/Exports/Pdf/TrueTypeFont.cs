using System.Buffers.Binary;
using System.Text;

namespace Tocsin.Server.Features.AlertsApi.Exports.Pdf;

/// <summary>A TrueType font: which glyph a character is, and how wide. Reads only fonts that come with the program.</summary>
/// <remarks>OpenType specification 1.9.1: "The OpenType font file", <c>head</c>, <c>hhea</c>, <c>hmtx</c>, <c>maxp</c>, <c>cmap</c> format 4.</remarks>
internal sealed class TrueTypeFont
{
    private readonly byte[] file;
    private readonly Dictionary<string, (int Offset, int Length)> tables = new(StringComparer.Ordinal);
    private readonly int cmap;
    private readonly int segments;
    private readonly int longMetrics;

    public TrueTypeFont(byte[] file)
    {
        this.file = file;
        var count = U16(4);
        for (var i = 0; i < count; i++)
        {
            var record = 12 + (16 * i);
            tables[Encoding.ASCII.GetString(file, record, 4)] = ((int)U32(record + 8), (int)U32(record + 12));
        }

        UnitsPerEm = U16(Offset("head") + 18);
        GlyphCount = U16(Offset("maxp") + 4);
        longMetrics = U16(Offset("hhea") + 34);
        Ascent = I16(Offset("hhea") + 4);
        Descent = I16(Offset("hhea") + 6);
        cmap = FindUnicodeSubtable();
        segments = U16(cmap + 6) / 2;
    }

    public int UnitsPerEm { get; }

    public int GlyphCount { get; }

    /// <summary>Above the base line, in units.</summary>
    public int Ascent { get; }

    /// <summary>Below the base line, in units, negative.</summary>
    public int Descent { get; }

    /// <summary>Left, bottom, right, top of all glyphs, in units.</summary>
    public (int Left, int Bottom, int Right, int Top) Box =>
        (I16(Offset("head") + 36), I16(Offset("head") + 38), I16(Offset("head") + 40), I16(Offset("head") + 42));

    public bool HasLongOffsets => I16(Offset("head") + 50) == 1;

    public ReadOnlySpan<byte> Table(string tag) => tables.TryGetValue(tag, out var table) ? file.AsSpan(table.Offset, table.Length) : [];

    /// <returns>0, the sign for a missing glyph, where the font has none or the character is outside the basic plane.</returns>
    public int GlyphOf(Rune rune)
    {
        if (rune.Value > 0xFFFF) return 0;
        var (low, high) = (0, segments - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (U16(cmap + 14 + (2 * middle)) < rune.Value) low = middle + 1;
            else high = middle;
        }

        var starts = cmap + 16 + (2 * segments);
        var start = U16(starts + (2 * low));
        if (start > rune.Value || U16(cmap + 14 + (2 * low)) < rune.Value) return 0;
        var delta = U16(starts + (2 * segments) + (2 * low));
        var rangeAt = starts + (4 * segments) + (2 * low);
        var range = U16(rangeAt);
        if (range == 0) return (rune.Value + delta) & 0xFFFF;
        var glyph = U16(rangeAt + range + (2 * (rune.Value - start)));
        return glyph == 0 ? 0 : (glyph + delta) & 0xFFFF;
    }

    /// <summary>In units.</summary>
    public int WidthOf(int glyph) => U16(Offset("hmtx") + (4 * Math.Min(glyph, longMetrics - 1)));

    /// <summary>Where a glyph's outline lies in <c>glyf</c>; empty for a space.</summary>
    public Range OutlineOf(int glyph)
    {
        var loca = Offset("loca");
        return HasLongOffsets
            ? (int)U32(loca + (4 * glyph))..(int)U32(loca + (4 * glyph) + 4)
            : (2 * U16(loca + (2 * glyph)))..(2 * U16(loca + (2 * glyph) + 2));
    }

    private int FindUnicodeSubtable()
    {
        var start = Offset("cmap");
        for (var i = 0; i < U16(start + 2); i++)
        {
            var record = start + 4 + (8 * i);
            var subtable = start + (int)U32(record + 4);
            if (U16(record) == 3 && U16(record + 2) == 1 && U16(subtable) == 4) return subtable;
        }

        throw new InvalidDataException("The font has no Unicode table of format 4.");
    }

    private int Offset(string tag) => tables[tag].Offset;

    private int U16(int at) => BinaryPrimitives.ReadUInt16BigEndian(file.AsSpan(at));

    private int I16(int at) => BinaryPrimitives.ReadInt16BigEndian(file.AsSpan(at));

    private uint U32(int at) => BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at));
}
