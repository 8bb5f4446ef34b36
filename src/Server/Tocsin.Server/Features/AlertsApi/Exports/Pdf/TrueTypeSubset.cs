using System.Buffers.Binary;
using System.Text;

namespace Tocsin.Server.Features.AlertsApi.Exports.Pdf;

/// <summary>A font with the outlines of some glyphs only. Glyphs keep their numbers, so nothing else has to change.</summary>
internal static class TrueTypeSubset
{
    // What a PDF reader needs of an embedded TrueType font (ISO 32000-1, section 9.9): no names, no character map.
    private static readonly string[] Kept = ["cvt ", "fpgm", "glyf", "head", "hhea", "hmtx", "loca", "maxp", "prep"];

    public static byte[] Of(TrueTypeFont font, IEnumerable<int> glyphs)
    {
        var wanted = WithComponents(font, glyphs);
        var outlines = new MemoryStream();
        var offsets = new byte[4 * (font.GlyphCount + 1)];
        for (var glyph = 0; glyph < font.GlyphCount; glyph++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(offsets.AsSpan(4 * glyph), (uint)outlines.Length);
            if (wanted.Contains(glyph)) outlines.Write(font.Table("glyf")[font.OutlineOf(glyph)]);
            while (outlines.Length % 4 != 0) outlines.WriteByte(0);
        }

        BinaryPrimitives.WriteUInt32BigEndian(offsets.AsSpan(4 * font.GlyphCount), (uint)outlines.Length);
        return Assemble(tag => tag switch
        {
            "glyf" => outlines.ToArray(),
            "loca" => offsets,
            "head" => WithLongOffsets(font.Table("head").ToArray()),
            _ => font.Table(tag).ToArray(),
        });
    }

    /// <summary>Letters with accents are made of others: those are wanted, too. Glyph 0 always is.</summary>
    private static HashSet<int> WithComponents(TrueTypeFont font, IEnumerable<int> glyphs)
    {
        var wanted = new HashSet<int>(glyphs) { 0 };
        var open = new Queue<int>(wanted);
        while (open.TryDequeue(out var glyph))
        {
            foreach (var component in ComponentsOf(font.Table("glyf")[font.OutlineOf(glyph)]))
            {
                if (wanted.Add(component)) open.Enqueue(component);
            }
        }

        return wanted;
    }

    /// <remarks>OpenType, <c>glyf</c>, "Composite glyph description": flags, glyph, then arguments whose length the flags say.</remarks>
    private static List<int> ComponentsOf(ReadOnlySpan<byte> outline)
    {
        const int argumentsAreWords = 0x1, hasScale = 0x8, more = 0x20, hasTwoScales = 0x40, hasMatrix = 0x80;
        var components = new List<int>();
        if (outline.Length < 10 || BinaryPrimitives.ReadInt16BigEndian(outline) >= 0) return components;
        for (var at = 10; ;)
        {
            int flags = BinaryPrimitives.ReadUInt16BigEndian(outline[at..]);
            components.Add(BinaryPrimitives.ReadUInt16BigEndian(outline[(at + 2)..]));
            if ((flags & more) == 0) return components;
            at += 4 + ((flags & argumentsAreWords) != 0 ? 4 : 2)
                + ((flags & hasScale) != 0 ? 2 : (flags & hasTwoScales) != 0 ? 4 : (flags & hasMatrix) != 0 ? 8 : 0);
        }
    }

    private static byte[] WithLongOffsets(byte[] head)
    {
        BinaryPrimitives.WriteInt16BigEndian(head.AsSpan(50), 1);
        return head;
    }

    private static byte[] Assemble(Func<string, byte[]> table)
    {
        var contents = Kept.Select(tag => (Tag: tag, Data: table(tag))).Where(entry => entry.Data.Length > 0).ToList();
        var power = (int)Math.Log2(contents.Count);
        var file = new MemoryStream();
        Write32(file, 0x00010000);
        Write16(file, contents.Count);
        Write16(file, 16 << power);
        Write16(file, power);
        Write16(file, (16 * contents.Count) - (16 << power));
        var offset = 12 + (16 * contents.Count);
        foreach (var (tag, data) in contents)
        {
            file.Write(Encoding.ASCII.GetBytes(tag));
            Write32(file, Checksum(data));
            Write32(file, (uint)offset);
            Write32(file, (uint)data.Length);
            offset += (data.Length + 3) / 4 * 4;
        }

        foreach (var (_, data) in contents)
        {
            file.Write(data);
            while (file.Length % 4 != 0) file.WriteByte(0);
        }

        return file.ToArray();
    }

    private static uint Checksum(ReadOnlySpan<byte> data)
    {
        uint sum = 0;
        for (; data.Length >= 4; data = data[4..]) sum += BinaryPrimitives.ReadUInt32BigEndian(data);
        Span<byte> rest = stackalloc byte[4];
        rest.Clear();
        data.CopyTo(rest);
        return sum + BinaryPrimitives.ReadUInt32BigEndian(rest);
    }

    private static void Write16(MemoryStream file, int value)
    {
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)value);
        file.Write(bytes);
    }

    private static void Write32(MemoryStream file, uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        file.Write(bytes);
    }
}
