using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Tocsin.Testing;

namespace Tocsin.Rooms.Tests;

/// <summary>Archives of crises of docs/protocol/rooms.md, as the web client writes them.</summary>
public sealed class CrisisExportTests
{
    private static readonly CrisisVectors Vectors = CrisisVectors.Read();

    [Fact]
    public void An_archive_says_which_rooms_and_documents_it_holds_and_which_rooms_it_does_not()
    {
        var heard = new Heard();
        var (report, fault) = CrisisExport.Verify(new MemoryStream(Convert.FromBase64String(Vectors.Whole)), heard);
        Assert.Null(fault);
        Assert.Equal((Vectors.Crisis, 2), (report!.Crisis.ToString("N"), report.Rooms.Count));
        Assert.Equal([Vectors.Crisis, Vectors.Cell], report.Rooms.Select(room => room.Room.ToString("N")));
        Assert.Equal([Vectors.LeftOut], report.RoomsLeftOut.Select(room => room.ToString("N")));
        Assert.Equal([("alert.csv", 10L), ("alert.pdf", 10L)], report.Documents.Select(document => (document.Name, document.Bytes)));
        Assert.Equal(["alert.csv\n", "alert.pdf\n"], heard.Documents);
        Assert.Equal(report.Rooms.Select(room => room.Room), heard.Rooms);
        Assert.Contains(heard.Contents, content => content.Contains("The pump runs", StringComparison.Ordinal));
        Assert.Equal(report.Rooms.Sum(room => room.Opened), heard.Contents.Count);
    }

    [Fact]
    public void What_does_not_belong_together_is_refused_even_where_its_parts_are_genuine()
    {
        foreach (var (code, archives) in Vectors.Wrong)
        {
            foreach (var archive in archives) Assert.Equal(code, CrisisExport.Verify(new MemoryStream(Convert.FromBase64String(archive))).Fault?.Code);
        }
    }

    [Fact]
    public void Whichever_byte_is_changed_the_archive_is_refused_and_it_is_said_where()
    {
        var genuine = Convert.FromBase64String(Vectors.Whole);
        for (var at = 0; at < genuine.Length; at++)
        {
            var changed = (byte[])genuine.Clone();
            changed[at] ^= (byte)(1 << (at % 8));
            var (report, fault) = CrisisExport.Verify(new MemoryStream(changed));
            Assert.True(report is null && fault is not null, $"byte {at}");
            Assert.EndsWith(".", fault.Where, StringComparison.Ordinal);
        }
    }

    /// <summary>The oracle: of all arrangements of the genuine records the genuine one alone is an archive.</summary>
    [Fact]
    public void Records_left_out_doubled_exchanged_or_of_another_kind_make_no_archive_and_nothing_is_thrown()
    {
        var random = new Random(20261123);
        var genuine = Convert.FromBase64String(Vectors.Whole);
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
                    case 3: changed.RemoveRange(one, changed.Count - one); break;
                    default: changed[one] = [(byte)random.Next(0, 7), .. changed[one][1..]]; break;
                }
            }

            byte[] bytes = [.. genuine.AsSpan(0, 16), .. changed.SelectMany(record => record)];
            var (report, fault) = CrisisExport.Verify(new MemoryStream(bytes));
            Assert.Equal(bytes.AsSpan().SequenceEqual(genuine), fault is null);
            Assert.NotEqual(report is null, fault is null);
            Assert.NotNull(CrisisExport.Verify(new MemoryStream([.. genuine, .. bytes])).Fault);
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

    private sealed class Heard : ICrisisExportReader, IRoomExportReader
    {
        public List<Guid> Rooms { get; } = [];

        public List<string> Contents { get; } = [];

        public List<string> Documents { get; } = [];

        public IRoomExportReader TakeRoom(Guid room)
        {
            Rooms.Add(room);
            return this;
        }

        public void TakeDocument(string name) => Documents.Add("");

        public void TakeBytes(ReadOnlySpan<byte> bytes) => Documents[^1] += Encoding.UTF8.GetString(bytes);

        public void TakeContent(long seq, DateTimeOffset at, Guid account, ReadOnlySpan<byte> content, bool isOpen) => Contents.Add(Encoding.UTF8.GetString(content));

        public void TakeFile(SharedFile file) => Assert.Fail("no room has a file");

        public void TakePart(ReadOnlySpan<byte> part) => Assert.Fail("no room has a file");
    }

    private sealed record CrisisVectors(string Crisis, string Cell, string LeftOut, string Whole, IReadOnlyDictionary<string, IReadOnlyList<string>> Wrong)
    {
        public static CrisisVectors Read() =>
            JsonSerializer.Deserialize<CrisisVectors>(File.ReadAllText(Path.Combine(Repository.Root, "test", "vectors", "rooms", "crisis-export.json")), JsonSerializerOptions.Web)
            ?? throw new InvalidDataException("no vectors");
    }
}
