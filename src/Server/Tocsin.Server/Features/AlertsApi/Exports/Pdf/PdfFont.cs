using System.Globalization;
using System.Text;

namespace Tocsin.Server.Features.AlertsApi.Exports.Pdf;

/// <summary>A font as one document uses it: remembers which glyphs, so that only these are embedded.</summary>
internal sealed class PdfFont(string name, TrueTypeFont font, bool isBold)
{
    private readonly SortedDictionary<int, Rune> used = [];

    /// <summary>What pages call it.</summary>
    public string Name => name;

    /// <summary>Width in points at a size in points.</summary>
    public double WidthOf(string text, double size) =>
        text.EnumerateRunes().Sum(rune => (double)font.WidthOf(font.GlyphOf(rune))) * size / font.UnitsPerEm;

    /// <summary>The text as a PDF string of glyph numbers, two octets each.</summary>
    public string Encode(string text)
    {
        var hex = new StringBuilder(text.Length * 4);
        foreach (var rune in text.EnumerateRunes())
        {
            var glyph = font.GlyphOf(rune);

            // Glyph 0 is the box that stands for all that the font has not: to be read as "unknown", not as whichever of them came first.
            used.TryAdd(glyph, glyph == 0 ? Rune.ReplacementChar : rune);
            hex.Append(glyph.ToString("X4", CultureInfo.InvariantCulture));
        }

        return $"<{hex}>";
    }

    /// <summary>As much of <paramref name="text"/> as fits, with a mark where words were left out.</summary>
    public string Fit(string text, double size, double width)
    {
        if (WidthOf(text, size) <= width) return text;
        var runes = text.EnumerateRunes().ToList();
        while (runes.Count > 0 && WidthOf(string.Concat(runes) + "…", size) > width) runes.RemoveAt(runes.Count - 1);
        return string.Concat(runes) + "…";
    }

    /// <summary>Lines no wider than <paramref name="width"/>, broken between words where that is possible.</summary>
    public IEnumerable<string> Wrap(string text, double size, double width)
    {
        foreach (var paragraph in text.Split('\n'))
        {
            var line = new StringBuilder();
            foreach (var word in paragraph.Split(' '))
            {
                if (line.Length > 0 && WidthOf($"{line} {word}", size) > width)
                {
                    yield return line.ToString();
                    line.Clear();
                }

                if (line.Length > 0) line.Append(' ');
                line.Append(WidthOf(word, size) > width ? Fit(word, size, width) : word);
            }

            yield return line.ToString();
        }
    }

    /// <summary>Writes the font's five objects.</summary>
    /// <remarks>ISO 32000-1, sections 9.7 (composite fonts, Identity-H) and 9.10.3 (ToUnicode, so that text can be searched and read aloud).</remarks>
    /// <returns>The object that pages refer to.</returns>
    public int WriteTo(PdfFile file)
    {
        var baseName = $"TOCSIN+DejaVuSansCondensed{(isBold ? "-Bold" : "")}";
        var program = TrueTypeSubset.Of(font, used.Keys);
        var programObject = file.AddStream(program, $"/Length1 {program.Length}");
        var box = font.Box;
        var descriptor = file.Add(
            $"<< /Type /FontDescriptor /FontName /{baseName} /Flags 4 /FontBBox [{Scale(box.Left)} {Scale(box.Bottom)} {Scale(box.Right)} {Scale(box.Top)}] /ItalicAngle 0 " +
            $"/Ascent {Scale(font.Ascent)} /Descent {Scale(font.Descent)} /CapHeight {Scale(font.Ascent)} /StemV {(isBold ? 140 : 80)} /FontFile2 {programObject} 0 R >>");
        var widths = string.Join(' ', used.Keys.Select(glyph => $"{glyph} [{Scale(font.WidthOf(glyph))}]"));
        var descendant = file.Add(
            $"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{baseName} /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> " +
            $"/FontDescriptor {descriptor} 0 R /CIDToGIDMap /Identity /DW 600 /W [{widths}] >>");
        var toUnicode = file.AddStream(Encoding.ASCII.GetBytes(ToUnicode()));
        return file.Add(
            $"<< /Type /Font /Subtype /Type0 /BaseFont /{baseName} /Encoding /Identity-H /DescendantFonts [{descendant} 0 R] /ToUnicode {toUnicode} 0 R >>");
    }

    private int Scale(int units) => units * 1000 / font.UnitsPerEm;

    private string ToUnicode()
    {
        // A section has at most 100 entries (Adobe Technical Note 5014).
        const int mostPerSection = 100;
        var map = new StringBuilder(
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def " +
            "/CMapName /Adobe-Identity-UCS def /CMapType 2 def 1 begincodespacerange <0000> <FFFF> endcodespacerange\n");
        foreach (var section in used.Chunk(mostPerSection))
        {
            map.Append(CultureInfo.InvariantCulture, $"{section.Length} beginbfchar\n");
            foreach (var (glyph, rune) in section)
                map.Append(CultureInfo.InvariantCulture, $"<{glyph:X4}> <{Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(rune.ToString()))}>\n");
            map.Append("endbfchar\n");
        }

        return map.Append("endcmap CMapName currentdict /CMap defineresource pop end end").ToString();
    }
}
