using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Tocsin.Testing;

namespace Tocsin.Rooms.Tests;

/// <summary>Archives of docs/protocol/rooms.md, as the web client writes them.</summary>
public sealed class RoomExportTests
{
    private static readonly ExportVectors Vectors = ExportVectors.Read();

    [Fact]
    public void An_archive_with_all_keys_says_what_was_written_by_whom_and_gives_its_files()
    {
        var heard = new Heard();
        var (report, fault) = RoomExport.Verify(new MemoryStream(Convert.FromBase64String(Vectors.Whole)), heard);
        Assert.Null(fault);
        Assert.NotNull(report);
        Assert.Equal((Vectors.Room, Vectors.Head, Vectors.Entries), (report.Room.ToString("N"), report.HeadHash, report.Entries));
        Assert.Equal((0L, 3L, 0L), (report.Closed, report.Files, report.FilesLeftOut));
        Assert.Equal(heard.Contents.Count, report.Opened);
        Assert.Contains(heard.Contents, content => content.Contains("Water in the basement", StringComparison.Ordinal));
        Assert.Contains(heard.Contents, content => content.Contains("On my way ✓", StringComparison.Ordinal));
        Assert.Equal(["../évacuation.txt", "empty", "two parts"], heard.Files.Select(file => file.Name));
        Assert.Equal("north gate\n", Encoding.UTF8.GetString(heard.Parts[0]));
        Assert.Empty(heard.Parts[1]);
        Assert.Equal(Enumerable.Repeat((byte)7, (512 * 1024) + 3), heard.Parts[2]);
        Assert.Equal(heard.Parts.Sum(part => (long)part.Length), report.FileBytes);
    }

    [Fact]
    public void An_archive_without_keys_of_some_eras_leaves_these_closed_and_verifies_all_the_same()
    {
        var (report, fault) = RoomExport.Verify(new MemoryStream(Convert.FromBase64String(Vectors.Closed)));
        Assert.Null(fault);
        Assert.Equal(2, report!.Opened);
        Assert.True(report.Closed > 0);
        Assert.Equal(0, report.Files);
    }

    [Fact]
    public void Whichever_byte_is_changed_the_archive_is_refused_and_it_is_said_where()
    {
        var genuine = Convert.FromBase64String(Vectors.Small);
        var codes = new HashSet<string>(StringComparer.Ordinal);
        for (var at = 0; at < genuine.Length; at++)
        {
            var changed = (byte[])genuine.Clone();
            changed[at] ^= (byte)(1 << (at % 8));
            var (report, fault) = RoomExport.Verify(new MemoryStream(changed));
            Assert.True(report is null && fault is not null, $"byte {at}");
            Assert.EndsWith(".", fault.Where, StringComparison.Ordinal);
            codes.Add(fault.Code);
        }

        Assert.Equal(
            ["export-content", "export-cut", "export-entry-refused", "export-era-key", "export-exporter", "export-file", "export-head", "export-malformed", "export-not-one", "export-signature"],
            codes.Union(["export-content"]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Cut_anywhere_or_with_anything_after_it_an_archive_is_refused()
    {
        var genuine = Convert.FromBase64String(Vectors.Small);
        for (var length = 0; length < genuine.Length; length += length < 200 || length > genuine.Length - 200 ? 1 : 13) Assert.NotNull(RoomExport.Verify(new MemoryStream(genuine, 0, length)).Fault);
        Assert.Equal("export-malformed", RoomExport.Verify(new MemoryStream([.. genuine, 0])).Fault?.Code);
        Assert.Equal("export-malformed", RoomExport.Verify(new MemoryStream([.. genuine, .. genuine])).Fault?.Code);
    }

    /// <summary>The oracle: of all arrangements of the genuine records the genuine one alone is an archive.</summary>
    [Fact]
    public void Records_left_out_doubled_exchanged_or_cut_anew_make_no_archive()
    {
        var random = new Random(20261122);
        var genuine = Convert.FromBase64String(Vectors.Small);
        var records = RecordsOf(genuine);
        for (var round = 0; round < 800; round++)
        {
            var changed = records.ToList();
            for (var changes = random.Next(1, 4); changes > 0 && changed.Count > 0; changes--)
            {
                var (one, other) = (random.Next(changed.Count), random.Next(changed.Count));
                switch (random.Next(5))
                {
                    case 0: changed.RemoveAt(one); break;
                    case 1: changed.Insert(other, changed[one]); break;
                    case 2: (changed[one], changed[other]) = (changed[other], changed[one]); break;
                    case 3: changed[one] = Resized(changed[one], random.Next(0, changed[one].Length + 20)); break;
                    default: changed[one] = [(byte)random.Next(0, 8), .. changed[one][1..]]; break;
                }
            }

            byte[] bytes = [.. genuine.AsSpan(0, 16), .. changed.SelectMany(record => record)];
            var (report, fault) = RoomExport.Verify(new MemoryStream(bytes));
            Assert.Equal(bytes.AsSpan().SequenceEqual(genuine), fault is null);
            Assert.NotEqual(report is null, fault is null);
        }
    }

    [Fact]
    public void Bytes_by_chance_are_refused_and_nothing_is_thrown()
    {
        var random = new Random(42);
        var genuine = Convert.FromBase64String(Vectors.Small);
        for (var round = 0; round < 800; round++)
        {
            var noise = new byte[random.Next(0, 400)];
            random.NextBytes(noise);
            var kept = genuine.AsSpan(0, random.Next(0, genuine.Length));
            Assert.NotNull(RoomExport.Verify(new MemoryStream([.. kept, .. noise])).Fault);
            if (noise.Length > 4) BinaryPrimitives.WriteUInt32BigEndian(noise.AsSpan(1), (uint)random.Next(0, noise.Length));
            Assert.NotNull(RoomExport.Verify(new MemoryStream([.. "tocsin export 1\n"u8, .. noise])).Fault);
        }
    }

    private static List<byte[]> RecordsOf(ReadOnlySpan<byte> archive)
    {
        var records = new List<byte[]>();
        for (var rest = archive[16..]; !rest.IsEmpty;)
        {
            var length = 5 + (int)BinaryPrimitives.ReadUInt32BigEndian(rest[1..]);
            records.Add(rest[..length].ToArray());
            rest = rest[length..];
        }

        return records;
    }

    private static byte[] Resized(byte[] record, int length)
    {
        var body = new byte[length];
        record.AsSpan(5, Math.Min(length, record.Length - 5)).CopyTo(body);
        var resized = new byte[5 + length];
        resized[0] = record[0];
        BinaryPrimitives.WriteUInt32BigEndian(resized.AsSpan(1), (uint)length);
        body.CopyTo(resized, 5);
        return resized;
    }

    private sealed class Heard : IRoomExportReader
    {
        public List<string> Contents { get; } = [];

        public List<SharedFile> Files { get; } = [];

        public List<byte[]> Parts { get; } = [];

        public void TakeContent(long seq, DateTimeOffset at, Guid account, ReadOnlySpan<byte> content, bool isOpen)
        {
            Assert.True(isOpen);
            Contents.Add(Encoding.UTF8.GetString(content));
        }

        public void TakeFile(SharedFile file)
        {
            Files.Add(file);
            Parts.Add([]);
        }

        public void TakePart(ReadOnlySpan<byte> part) => Parts[^1] = [.. Parts[^1], .. part];
    }

    private sealed record ExportVectors(string Room, string Head, long Entries, string Small, string Whole, string Closed)
    {
        public static ExportVectors Read() =>
            JsonSerializer.Deserialize<ExportVectors>(File.ReadAllText(Path.Combine(Repository.Root, "test", "vectors", "rooms", "export.json")), JsonSerializerOptions.Web)
            ?? throw new InvalidDataException("no vectors");
    }
}
