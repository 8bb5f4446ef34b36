using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Tests.AlertsApi;

public sealed partial class ExportTests
{
    // The patterns are plain; the limit only keeps a broken file from hanging the run.
    private const int MatchLimitMilliseconds = 60_000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_French_file_opens_in_a_French_spreadsheet_and_computes_nothing()
    {
        await using var world = await AlertedServer.StartAsync("Amélie Durand", "=HYPERLINK(\"http://x\";\"y\") Petit");
        var id = AlertedServer.IdOf(await world.RaiseAsync());
        var director = await world.DirectorAsync();
        var recipient = (await world.RecipientsAsync(id, "?search=durand"))[0]!["id"]!.GetValue<long>();
        await director.PostJsonAsync(
            $"{AlertedServer.Alerts}/{id}/recipients/{recipient}/answers", new JsonObject { ["choice"] = "coming", ["comment"] = "+ tard ; \"vite\"\nmerci" }, HttpStatusCode.NoContent);
        using var answer = await director.GetAsync($"{AlertedServer.Alerts}/{id}/export.csv?language=fr", Cancellation);
        Assert.Equal("text/csv", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("tocsin-alerte-1.csv", answer.Content.Headers.ContentDisposition!.FileName);
        var octets = await answer.Content.ReadAsByteArrayAsync(Cancellation);
        Assert.Equal(Encoding.UTF8.GetPreamble(), octets[..3]);
        var rows = ParseCsv(Encoding.UTF8.GetString(octets, 3, octets.Length - 3), ';');
        Assert.Equal(3, rows.Count);
        Assert.Equal("Nom", rows[0][0]);
        Assert.All(rows, row => Assert.Equal(rows[0].Count, row.Count));
        Assert.Equal(["Amélie Durand", "Hôpital Nord", "A répondu", "J’arrive"], rows[1].Take(4));
        Assert.Equal("'+ tard ; \"vite\"\nmerci", rows[1][6]);
        Assert.StartsWith("'=HYPERLINK", rows[2][0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_English_file_has_commas_and_English_words()
    {
        await using var world = await AlertedServer.StartAsync();
        var id = AlertedServer.IdOf(await world.RaiseAsync());
        var text = await (await world.DirectorAsync()).GetStringAsync($"{AlertedServer.Alerts}/{id}/export.csv?language=en", Cancellation);
        Assert.Equal(["Name", "Site", "Standing"], ParseCsv(text.TrimStart('\uFEFF'), ',')[0].Take(3));
    }

    [Fact]
    public async Task The_PDF_is_whole_and_its_text_can_be_searched()
    {
        await using var world = await AlertedServer.StartAsync("Amélie Durand", "Łukasz Żółć", "Nguyễn Văn An");
        var id = AlertedServer.IdOf(await world.RaiseAsync(request => request["mode"] = "exercise"));
        var pdf = await (await world.DirectorAsync()).GetByteArrayAsync($"{AlertedServer.Alerts}/{id}/export.pdf?language=fr", Cancellation);
        var text = TextOf(pdf);
        Assert.Contains("EXERCICE", text, StringComparison.Ordinal);
        Assert.Contains("Fuite de gaz", text, StringComparison.Ordinal);
        Assert.Contains("Łukasz Żółć", text, StringComparison.Ordinal);
        Assert.Contains("Nguyễn Văn An", text, StringComparison.Ordinal);
        Assert.InRange(pdf.Length, 1_000, 200_000);
    }

    /// <summary>Names as only somebody who means harm writes them, or a broken directory: script, controls, turned writing direction, emoji, letters with 200 accents.</summary>
    private static readonly string[] hostileNames =
    [
        "<script>alert(1)</script> Petit",
        "Zoé \0\u0007\u001B[31m\u009D Rouge",
        "Jean \u202Egnp.exe\u202C Renversé",
        "👩🏽‍🚒🇫🇷 Pompier",
        "E" + new string('\u0301', 200) + "tienne Accents",
        ") Tj ET Q endstream endobj (\\ Poinçon",
        "Mots" + new string('x', 180) + " Long",
        "\u2028Ligne\u2029 \uFFFE\uFEFF Séparée",
    ];

    [Fact]
    public async Task Hostile_names_leave_the_PDF_whole_and_show_nothing_that_moves_the_text_around()
    {
        await using var world = await AlertedServer.StartAsync(hostileNames);
        var id = AlertedServer.IdOf(await world.RaiseAsync());
        var pdf = await (await world.DirectorAsync()).GetByteArrayAsync($"{AlertedServer.Alerts}/{id}/export.pdf?language=fr", Cancellation);
        var text = TextOf(pdf);
        Assert.Contains("<script>alert(1)</script> Petit", text, StringComparison.Ordinal);
        Assert.Contains(") Tj ET Q endstream endobj", text, StringComparison.Ordinal);
        foreach (var part in (string[])["Rouge", "Renversé", "Pompier", "Séparée"]) Assert.Contains(part, text, StringComparison.Ordinal);
        Assert.DoesNotContain(text, c => c != '\n' && char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
        Assert.InRange(pdf.Length, 1_000, 200_000);
    }

    [Fact]
    public async Task Hostile_names_stay_in_their_cells_as_they_are()
    {
        string[] formulas = ["=1+1 A", "+33 B", "-2+3 C", "@SUM(A1) D", "＝1 E", "\t=1 F", "\r=1 G", "a;b,c \"d\"\nH"];
        await using var world = await AlertedServer.StartAsync([.. hostileNames, .. formulas]);
        var id = AlertedServer.IdOf(await world.RaiseAsync());
        foreach (var (language, separator) in ((string, char)[])[("fr", ';'), ("en", ',')])
        {
            var csv = await (await world.DirectorAsync()).GetStringAsync($"{AlertedServer.Alerts}/{id}/export.csv?language={language}", Cancellation);
            var rows = ParseCsv(csv.TrimStart('\uFEFF'), separator);
            Assert.All(rows, row => Assert.Equal(rows[0].Count, row.Count));
            var names = rows.Skip(1).Select(row => row[0]).ToList();
            Assert.Equal(hostileNames.Length + formulas.Length, names.Count);
            Assert.All(hostileNames, name => Assert.Contains(name, names));
            Assert.All(formulas[..7], name => Assert.Contains("'" + name, names));
            Assert.DoesNotContain(names, name => "=+-@\t\r＝＋－＠".Contains(name[0], StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_PDF_of_very_many_says_that_it_shows_the_first()
    {
        await using var world = await AlertedServer.StartAsync([.. Enumerable.Range(0, 1_200).Select(i => $"Personne N{i}")]);
        var id = AlertedServer.IdOf(await world.RaiseAsync());
        var text = TextOf(await (await world.DirectorAsync()).GetByteArrayAsync($"{AlertedServer.Alerts}/{id}/export.pdf?language=en", Cancellation));
        Assert.Contains("The first 1,000 of 1,200", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Taking_a_board_out_is_recorded()
    {
        await using var world = await AlertedServer.StartAsync();
        var id = AlertedServer.IdOf(await world.RaiseAsync());
        await (await world.DirectorAsync()).GetStringAsync($"{AlertedServer.Alerts}/{id}/export.csv", Cancellation);
        var trail = await (await world.Server.AsAsync(Roles.Auditor)).GetJsonAsync($"/api/v1/audit/entries?subject=alert:{id}");
        Assert.Contains(trail["entries"]!.AsArray(), entry => entry!["action"]!.GetValue<string>() == "board.exported");
    }

    private static List<List<string>> ParseCsv(string text, char separator)
    {
        var rows = new List<List<string>> { new() };
        var cell = new StringBuilder();
        var isQuoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (isQuoted && c == '"' && i + 1 < text.Length && text[i + 1] == '"') cell.Append(text[++i]);
            else if (c == '"') isQuoted = !isQuoted;
            else if (!isQuoted && (c == separator || c == '\n'))
            {
                rows[^1].Add(cell.ToString().TrimEnd('\r'));
                cell.Clear();
                if (c == '\n') rows.Add([]);
            }
            else cell.Append(c);
        }

        if (rows[^1].Count == 0 && cell.Length == 0) rows.RemoveAt(rows.Count - 1);
        return rows;
    }

    /// <summary>Reads a PDF as a viewer does: by its table of offsets, then each page's glyphs by the font's own map to characters.</summary>
    internal static string TextOf(byte[] pdf)
    {
        var raw = Encoding.Latin1.GetString(pdf);
        Assert.StartsWith("%PDF-1.7", raw, StringComparison.Ordinal);
        var table = int.Parse(StartOfTable().Match(raw).Groups["offset"].Value);
        Assert.Equal("xref", raw.Substring(table, 4));
        var number = 0;
        foreach (Match entry in TableEntry().Matches(raw[table..]))
        {
            number++;
            Assert.StartsWith($"{number} 0 obj", raw[int.Parse(entry.Groups["offset"].Value)..], StringComparison.Ordinal);
        }

        var streams = PackedStream().Matches(raw).Select(match => Inflate(pdf.AsSpan(match.Index + match.Length, int.Parse(match.Groups["length"].Value)).ToArray())).ToList();
        var maps = streams.Where(stream => stream.Contains("beginbfchar", StringComparison.Ordinal)).Select(MapOf).ToList();
        Assert.Equal(2, maps.Count);
        var text = new StringBuilder();
        foreach (var page in streams.Where(stream => stream.Contains(" Tj ET", StringComparison.Ordinal)))
        {
            foreach (Match shown in ShownText().Matches(page))
            {
                var map = maps[shown.Groups["font"].Value == "R" ? 0 : 1];
                foreach (var glyph in shown.Groups["glyphs"].Value.Chunk(4)) text.Append(map[new string(glyph)]);
                text.Append('\n');
            }
        }

        return text.ToString();
    }

    private static Dictionary<string, string> MapOf(string stream) => MapEntry().Matches(stream)
        .ToDictionary(entry => entry.Groups["glyph"].Value, entry => Encoding.BigEndianUnicode.GetString(Convert.FromHexString(entry.Groups["text"].Value)), StringComparer.Ordinal);

    private static string Inflate(byte[] packed)
    {
        using var stream = new ZLibStream(new MemoryStream(packed), CompressionMode.Decompress);
        using var whole = new MemoryStream();
        stream.CopyTo(whole);
        return Encoding.Latin1.GetString(whole.ToArray());
    }

    [GeneratedRegex(@"startxref\n(?<offset>\d+)\n%%EOF\n$", RegexOptions.ExplicitCapture, MatchLimitMilliseconds)]
    private static partial Regex StartOfTable();

    [GeneratedRegex(@"(?<offset>\d{10}) 00000 n ", RegexOptions.ExplicitCapture, MatchLimitMilliseconds)]
    private static partial Regex TableEntry();

    [GeneratedRegex(@"<< /Length (?<length>\d+) /Filter /FlateDecode [^>]*>>\nstream\n", RegexOptions.ExplicitCapture, MatchLimitMilliseconds)]
    private static partial Regex PackedStream();

    [GeneratedRegex(@"/(?<font>[RB]) [\d.]+ Tf [\d. -]+ Td <(?<glyphs>[0-9A-F]*)> Tj", RegexOptions.ExplicitCapture, MatchLimitMilliseconds)]
    private static partial Regex ShownText();

    [GeneratedRegex("<(?<glyph>[0-9A-F]{4})> <(?<text>[0-9A-F]+)>\n", RegexOptions.ExplicitCapture, MatchLimitMilliseconds)]
    private static partial Regex MapEntry();
}
