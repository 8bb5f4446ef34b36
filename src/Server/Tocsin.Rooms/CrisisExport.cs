using System.Text.Json;

namespace Tocsin.Rooms;

/// <summary>What an archive of a crisis was found to hold.</summary>
/// <param name="Crisis">Its leading room.</param>
/// <param name="Rooms">The leading one first, each verified as an archive of its own.</param>
/// <param name="RoomsLeftOut">Of its cells, as the leading room tells them, and not in the archive: the exporter was not in them.</param>
/// <param name="Documents">What the server gave. That they are what the exporter got is proved, and nothing more.</param>
public sealed record CrisisExportReport(
    Guid Crisis, DateTimeOffset ExportedAt, Guid ExportedBy, Guid Device, IReadOnlyList<RoomExportReport> Rooms, IReadOnlyList<Guid> RoomsLeftOut, IReadOnlyList<CrisisDocument> Documents);

/// <summary>A file beside the rooms.</summary>
/// <param name="Name">ASCII letters, digits, <c>.</c>, <c>-</c> and <c>_</c>; not hidden; once in an archive, whatever the case.</param>
public sealed record CrisisDocument(string Name, long Bytes);

/// <summary>Hears what is in an archive of a crisis while it is verified. Nothing of it is proved before the end is.</summary>
public interface ICrisisExportReader
{
    /// <returns>Who hears what is in this room; null for nobody.</returns>
    IRoomExportReader? TakeRoom(Guid room);

    void TakeDocument(string name);

    void TakeBytes(ReadOnlySpan<byte> bytes);
}

/// <summary>Verifies an archive of a crisis (web/src/e2ee/rooms/crisis-export.ts writes them): each room's archive within it, and all bytes by the signature of the same device that made those.</summary>
/// <remarks>Holds one record of each level at a time. The layout is in docs/protocol/rooms.md.</remarks>
public sealed class CrisisExport : IDisposable
{
    private const int MostRooms = 200;
    private const int MostDocuments = 1_000;
    private const int LongestName = 100;

    private readonly SignedRecords records;
    private readonly ICrisisExportReader? reader;
    private readonly List<RoomExportReport> rooms = [];
    private readonly List<CrisisDocument> documents = [];
    private readonly HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<Guid> cellRooms = [];
    private byte[] deviceKey = [];
    private Guid crisis;
    private DateTimeOffset exportedAt;
    private Guid exportedBy;
    private Guid device;

    private CrisisExport(Stream archive, ICrisisExportReader? reader) => (records, this.reader) = (new SignedRecords(archive, "Tocsin crisis export v1\0"u8), reader);

    private enum RecordType : byte
    {
        Beginning = 1,
        Room = 2,
        Document = 3,
        Bytes = 4,
        End = 5,
    }

    private static ReadOnlySpan<byte> Magic => "tocsin crisis 1\n"u8;

    /// <summary>Whether something that begins so is meant as an archive of a crisis.</summary>
    public static bool Begins(ReadOnlySpan<byte> beginning) => beginning.StartsWith(Magic);

    /// <summary>Reads the archive from here to its end.</summary>
    /// <returns>What it holds, or the first fault: one of the two.</returns>
    public static (CrisisExportReport? Report, RoomExportFault? Fault) Verify(Stream archive, ICrisisExportReader? reader = null)
    {
        ArgumentNullException.ThrowIfNull(archive);
        using var export = new CrisisExport(archive, reader);
        return export.Read() is { } fault ? (null, fault) : (export.Report(), null);
    }

    public void Dispose() => records.Dispose();

    private RoomExportFault? Read()
    {
        if (!records.TryBegin(Magic)) return new("export-not-one", "This is no archive of a crisis, or one of a newer version: it does not begin as one.");
        if (records.Read() is { } cut) return cut;
        if (TakeBeginning() is { } wrong) return wrong;
        if (Next() is { } missing) return missing;
        while (true)
        {
            switch ((RecordType)records.Type)
            {
                case RecordType.Room when documents.Count == 0:
                    if (TakeRoom() is { } room) return room;
                    break;
                case RecordType.Document when rooms.Count > 0:
                    if (TakeDocument() is { } document) return document;
                    break;
                case RecordType.End when rooms.Count > 0:
                    return End();
                default:
                    return records.Fault("export-malformed", "a record stands where none of its kind may");
            }
        }
    }

    /// <summary>Takes the record that was read, and reads the next.</summary>
    private RoomExportFault? Next()
    {
        records.Take();
        return records.Read();
    }

    private RoomExportFault? TakeBeginning()
    {
        var bytes = new WireReader(records.Body);
        var room = bytes.Take(16);
        var at = bytes.ReadUInt64();
        var account = bytes.Take(16);
        var by = bytes.Take(16);
        if ((RecordType)records.Type != RecordType.Beginning || !bytes.IsComplete || !RoomExport.TryTime(at, out exportedAt)) return records.Fault("export-malformed", "the beginning is not readable");
        (crisis, exportedBy, device) = (new Guid(room, bigEndian: true), new Guid(account, bigEndian: true), new Guid(by, bigEndian: true));
        return null;
    }

    private RoomExportFault? TakeRoom()
    {
        if (records.Body.Length != 16 || rooms.Count == MostRooms) return records.Fault("export-malformed", "a room's beginning is not readable, or there are too many");
        var room = new Guid(records.Body, bigEndian: true);
        if (rooms.Count == 0 ? room != crisis : rooms.Exists(known => known.Room == room))
            return records.Fault("export-malformed", rooms.Count == 0 ? "the first room is not the one that leads" : "a room is there twice");
        var heard = reader?.TakeRoom(room);
        var at = records.Offset;
        if (Next() is { } cut) return cut;
        using var bytes = new BytesOf(this);
        var (report, key, fault) = RoomExport.VerifyWithKey(bytes, rooms.Count == 0 ? new CellsOf(this, heard) : heard);
        if (bytes.Fault is not null) return bytes.Fault;
        if (report is null) return new(fault!.Code, $"In the room {room}, which begins at byte {at}. {fault.Where}");
        if (report.Room != room) return records.Fault("export-malformed", "the archive of a room is another room's");
        if (report.ExportedBy != exportedBy || report.Device != device || (rooms.Count > 0 && !key.AsSpan().SequenceEqual(deviceKey)))
            return records.Fault("export-exporter", "a room was exported by another device than the whole");
        deviceKey = key;
        rooms.Add(report);
        return null;
    }

    private RoomExportFault? TakeDocument()
    {
        if (NameIn(records.Body) is not { } name || documents.Count == MostDocuments || !names.Add(name)) return records.Fault("export-malformed", "a document's name is not one, or is there twice");
        reader?.TakeDocument(name);
        long length = 0;
        while (true)
        {
            if (Next() is { } cut) return cut;
            if ((RecordType)records.Type != RecordType.Bytes) break;
            length += records.Body.Length;
            reader?.TakeBytes(records.Body);
        }

        documents.Add(new CrisisDocument(name, length));
        return null;
    }

    private RoomExportFault? End()
    {
        if (!Labels.Verify(deviceKey, "Tocsin crisis export signature v1\0"u8, records.Hash, records.Body))
            return records.Fault("export-signature", "the signature over the whole archive is wrong: something in it was changed, such as a document or the time");
        return records.IsAtEnd ? null : records.Fault("export-malformed", "something stands after the signature");
    }

    private CrisisExportReport Report() => new(crisis, exportedAt, exportedBy, device, rooms, [.. cellRooms.Where(cell => !rooms.Exists(room => room.Room == cell)).Order()], documents);

    private static string? NameIn(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length is 0 or > LongestName || bytes[0] == (byte)'.') return null;
        foreach (var one in bytes)
        {
            if (!char.IsAsciiLetterOrDigit((char)one) && one is not ((byte)'.' or (byte)'-' or (byte)'_')) return null;
        }

        return System.Text.Encoding.ASCII.GetString(bytes);
    }

    /// <summary>Notes which rooms the leading one names as its cells, as <c>crisisOf</c> of the web client does: the opening, and what became known of a cell later.</summary>
    private sealed class CellsOf(CrisisExport export, IRoomExportReader? heard) : IRoomExportReader
    {
        public void TakeContent(long seq, DateTimeOffset at, Guid account, ReadOnlySpan<byte> content, bool isOpen)
        {
            if (isOpen) Note(content);
            heard?.TakeContent(seq, at, account, content, isOpen);
        }

        public void TakeFile(SharedFile file) => heard?.TakeFile(file);

        public void TakePart(ReadOnlySpan<byte> part) => heard?.TakePart(part);

        private void Note(ReadOnlySpan<byte> content)
        {
            try
            {
                using var document = JsonDocument.Parse(content.ToArray());
                if (document.RootElement is not { ValueKind: JsonValueKind.Object } root || !root.TryGetProperty("kind", out var kind) || kind.ValueKind != JsonValueKind.String) return;
                if (kind.ValueEquals("crisis-cell"u8) && root.TryGetProperty("cell", out var cell))
                {
                    NoteCell(cell);
                }
                else if (kind.ValueEquals("crisis"u8) && root.TryGetProperty("crisis", out var crisis) && crisis.ValueKind == JsonValueKind.Object
                    && crisis.TryGetProperty("cells", out var cells) && cells.ValueKind == JsonValueKind.Array)
                {
                    foreach (var one in cells.EnumerateArray()) NoteCell(one);
                }
            }
            catch (Exception exception) when (exception is JsonException or InvalidOperationException)
            {
                // Members wrote it, and their devices show it as unreadable.
            }
        }

        private void NoteCell(JsonElement cell)
        {
            if (cell.ValueKind == JsonValueKind.Object && cell.TryGetProperty("room", out var room) && room.ValueKind == JsonValueKind.String
                && Guid.TryParseExact(room.GetString(), "N", out var id) && export.cellRooms.Count < MostRooms)
            {
                export.cellRooms.Add(id);
            }
        }
    }

    /// <summary>The records of bytes from the one that was read on, as a stream; then the record after them is the one that was read.</summary>
    private sealed class BytesOf(CrisisExport export) : Stream
    {
        private int taken;

        /// <summary>Of the archive around it.</summary>
        public RoomExportFault? Fault { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            if (buffer.IsEmpty) return 0;
            while (Fault is null && (RecordType)export.records.Type == RecordType.Bytes)
            {
                var rest = export.records.Body[taken..];
                if (!rest.IsEmpty)
                {
                    var count = Math.Min(rest.Length, buffer.Length);
                    rest[..count].CopyTo(buffer);
                    taken += count;
                    return count;
                }

                taken = 0;
                Fault = export.Next();
            }

            return 0;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
