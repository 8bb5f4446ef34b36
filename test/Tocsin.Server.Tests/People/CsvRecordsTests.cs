using Tocsin.Server.Features.Import;
using Tocsin.Testing;

namespace Tocsin.Server.Tests.People;

public sealed class CsvRecordsTests
{
    [Theory]
    [InlineData("a;b\nc;d", "a|b/c|d")]
    [InlineData("a;b\r\nc;d\r\n", "a|b/c|d")]
    [InlineData("a;b\rc;d", "a|b/c|d")]
    [InlineData("\n\na;\n", "a|")]
    [InlineData("\"a;b\";\"c \"\"d\"\"\"\n\"two\nlines\";e", "a;b|c \"d\"/two\nlines|e")]
    [InlineData("5\" pipe;x", "5\" pipe|x")]
    [InlineData("\"\";x", "|x")]
    public void Records_are_read_as_RFC_4180_has_them(string text, string expected) =>
        Assert.Equal(expected, string.Join('/', ReadAll(text).Select(record => string.Join('|', record))));

    [Theory]
    [InlineData("a;b\nc;\"never closed\nd;e", "quote-not-closed", 2)]
    [InlineData("a;b\n\"x\"y;z", "quote-misplaced", 2)]
    [InlineData("a;b\n\nc;0123456789X", "field-too-long", 3)]
    [InlineData("a\n1;2;3;4;5", "columns-too-many", 2)]
    public void A_file_that_cannot_be_read_further_is_refused_with_its_line(string text, string code, int line)
    {
        var refused = Assert.Throws<ImportRefusedException>(() => ReadAll(text, longestField: code == "field-too-long" ? 10 : 100));
        Assert.Equal((code, line), (refused.Code, refused.Line));
    }

    [Fact]
    public void Whatever_is_written_with_quotes_is_read_back()
    {
        var random = TestSeed.Random();
        const string Alphabet = "ab;\"\n\r, é";
        for (var i = 0; i < 300; i++)
        {
            var records = Enumerable.Range(0, 1 + random.Next(5)).Select(_ => Enumerable.Range(0, 2 + random.Next(3)).Select(_ => new string([.. Enumerable.Range(0, random.Next(9)).Select(_ => Alphabet[random.Next(Alphabet.Length)])])).ToList()).ToList();
            var text = string.Join('\n', records.Select(record => string.Join(';', record.Select(field => '"' + field.Replace("\"", "\"\"", StringComparison.Ordinal) + '"'))));
            Assert.Equal(records, ReadAll(text));
        }
    }

    private static List<List<string>> ReadAll(string text, int longestField = 100)
    {
        var reader = new CsvRecords(new StringReader(text), ';', longestField, mostFields: 4);
        var records = new List<List<string>>();
        while (reader.Read() is { } record) records.Add(record);
        return records;
    }
}
