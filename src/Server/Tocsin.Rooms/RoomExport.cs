using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;

namespace Tocsin.Rooms;

/// <summary>What an archive of a room was found to hold.</summary>
/// <param name="HeadHash">Over all entries: whoever was in the room can compare it with what their own device has.</param>
/// <param name="ExportedAt">As the exporter's clock had it.</param>
/// <param name="Opened">Contents that the archive's keys open.</param>
/// <param name="Closed">Contents of eras whose key is not in it: their signatures and order are verified, their words cannot be.</param>
/// <param name="FilesLeftOut">Carried by entries, and not in the archive.</param>
public sealed record RoomExportReport(
    Guid Room, long Entries, string HeadHash, DateTimeOffset ExportedAt, Guid ExportedBy, Guid Device, long Opened, long Closed, long Files, long FileBytes, long FilesLeftOut,
    IReadOnlyList<string> Members);

/// <summary>Why an archive is refused.</summary>
/// <param name="Code">Stable: docs/protocol/rooms.md.</param>
/// <param name="Where">In words, with the place in the file.</param>
public sealed record RoomExportFault(string Code, string Where);

/// <summary>Hears what is in an archive while it is verified. Nothing of it is proved before the end is.</summary>
public interface IRoomExportReader
{
    /// <param name="content">JSON; null where it is closed.</param>
    void TakeContent(long seq, DateTimeOffset at, Guid account, ReadOnlySpan<byte> content, bool isOpen);

    void TakeFile(SharedFile file);

    void TakePart(ReadOnlySpan<byte> part);
}

/// <summary>Verifies an archive of a room (web/src/e2ee/rooms/export.ts writes them): each entry by the rules that every member's device follows, each content and file against its entry, and all bytes by the exporter's signature.</summary>
/// <remarks>Holds one record at a time. The layout is in docs/protocol/rooms.md.</remarks>
public sealed class RoomExport : IDisposable
{
    // Some 160 MB of hashes: no room has as many.
    private const int MostEntries = 5_000_000;

    private readonly SignedRecords records;
    private readonly IRoomExportReader? reader;
    private readonly Dictionary<uint, byte[]> keys = [];
    private readonly HashSet<uint> provenKeys = [];
    private readonly List<byte[]> hashes = [];
    private readonly Dictionary<Guid, SharedFile> carried = [];
    private readonly HashSet<Guid> found = [];
    private byte[] room = [];
    private RoomState state = new(default);
    private RoomChain chain;
    private Beginning beginning = new(0, [], default, default, default);
    private FileOpening? open;
    private RecordType last;
    private long opened;
    private long closed;
    private long fileBytes;

    private RoomExport(Stream archive, IRoomExportReader? reader) => (records, this.reader) = (new SignedRecords(archive, "Tocsin room export v1\0"u8), reader);

    private enum RecordType : byte
    {
        None = 0,
        Beginning = 1,
        EraKey = 2,
        Entry = 3,
        File = 4,
        Part = 5,
        End = 6,
    }

    private static ReadOnlySpan<byte> Magic => "tocsin export 1\n"u8;

    /// <summary>Reads the archive from here to its end.</summary>
    /// <returns>What it holds, or the first fault: one of the two.</returns>
    public static (RoomExportReport? Report, RoomExportFault? Fault) Verify(Stream archive, IRoomExportReader? reader = null)
    {
        var (report, _, fault) = VerifyWithKey(archive, reader);
        return (report, fault);
    }

    /// <summary>As <see cref="Verify"/>, with the public key of the device that made it.</summary>
    internal static (RoomExportReport? Report, byte[] DeviceKey, RoomExportFault? Fault) VerifyWithKey(Stream archive, IRoomExportReader? reader)
    {
        ArgumentNullException.ThrowIfNull(archive);
        using var export = new RoomExport(archive, reader);
        return export.Read() is { } fault ? (null, [], fault) : (export.Report(), export.state.Devices[export.beginning.Device].Key, null);
    }

    public void Dispose()
    {
        open?.Dispose();
        records.Dispose();
    }

    private RoomExportFault? Read()
    {
        if (!records.TryBegin(Magic)) return new("export-not-one", "This is no archive of a room, or one of a newer version: it does not begin as one.");
        while (true)
        {
            if (records.Read() is { } cut) return cut;
            var type = (RecordType)records.Type;
            if (!MayFollow(type)) return Fault("export-malformed", "a record stands where none of its kind may");
            if (type == RecordType.End) return End(records.Body) ?? (records.IsAtEnd ? null : Fault("export-malformed", "something stands after the signature"));
            if (Take(type, records.Body) is { } fault) return fault;
            records.Take();
            last = type;
        }
    }

    private bool MayFollow(RecordType type) => type switch
    {
        RecordType.Beginning => last == RecordType.None,
        RecordType.EraKey => last is RecordType.Beginning or RecordType.EraKey,
        RecordType.Entry => last is RecordType.Beginning or RecordType.EraKey or RecordType.Entry,
        RecordType.File => last is RecordType.Entry or RecordType.Part,
        RecordType.Part => last is RecordType.File or RecordType.Part,
        RecordType.End => last is RecordType.Entry or RecordType.Part,
        _ => false,
    };

    private RoomExportFault? Take(RecordType type, ReadOnlySpan<byte> body)
    {
        if (type == RecordType.File && last == RecordType.Entry && EndEntries() is { } ended) return ended;
        return type switch
        {
            RecordType.Beginning => TakeBeginning(body),
            RecordType.EraKey => TakeEraKey(body),
            RecordType.Entry => TakeEntry(body),
            RecordType.File => TakeFile(body),
            _ => TakePart(body),
        };
    }

    private RoomExportFault? TakeBeginning(ReadOnlySpan<byte> body)
    {
        var bytes = new WireReader(body);
        room = bytes.Take(16).ToArray();
        var (seq, headHash, at) = (bytes.ReadUInt64(), bytes.Take(SHA256.HashSizeInBytes).ToArray(), bytes.ReadUInt64());
        var account = bytes.Take(16);
        var device = bytes.Take(16);
        if (!bytes.IsComplete || seq > MostEntries || !TryTime(at, out var time)) return Fault("export-malformed", "the beginning is not readable");
        beginning = new(seq, headHash, time, new Guid(account, bigEndian: true), new Guid(device, bigEndian: true));
        state = new RoomState(new Guid(room, bigEndian: true));
        chain = RoomChain.Begin(room);
        hashes.Add(chain.Hash.ToArray());
        return null;
    }

    private RoomExportFault? TakeEraKey(ReadOnlySpan<byte> body)
    {
        var bytes = new WireReader(body);
        var era = bytes.ReadUInt32();
        var key = bytes.Take(EntryContent.EraKeyLength);
        if (!bytes.IsComplete || (keys.Count > 0 && era <= keys.Keys.Max())) return Fault("export-malformed", "the key of an era is not readable or not in order");
        keys[era] = key.ToArray();
        return null;
    }

    private RoomExportFault? TakeEntry(ReadOnlySpan<byte> body)
    {
        var seq = chain.Seq + 1;
        if (seq > beginning.HeadSeq) return Fault("export-head", $"there are more entries than the {beginning.HeadSeq} that the archive begins with");
        if (body.Length < sizeof(ulong) || !TryTime(BinaryPrimitives.ReadUInt64BigEndian(body), out var at)) return Fault("export-malformed", $"entry {seq} is not readable");
        var bytes = body[sizeof(ulong)..];
        var seen = RoomEntry.TryParse(bytes, out var entry, out _) && entry.SeenSeq < (ulong)hashes.Count ? hashes[(int)entry.SeenSeq] : [];
        if (state.Accept(seq, bytes, seen) is { } code) return Fault("export-entry-refused", $"entry {seq} is refused by every reader: {code}");
        chain = chain.Append(bytes);
        hashes.Add(chain.Hash.ToArray());
        if (ProveKeys() is { } wrong) return wrong;
        return entry.Class == EntryClass.Content ? TakeContent(seq, at, entry) : null;
    }

    private RoomExportFault? ProveKeys()
    {
        if (state.Eras.Count == 0 || provenKeys.Count == keys.Count) return null;
        var era = state.Eras[^1];
        if (!keys.TryGetValue(era.Number, out var key) || !provenKeys.Add(era.Number)) return null;
        return EntryContent.IsKeyOf(era, room, key) ? null : Fault("export-era-key", $"the key of era {era.Number} is not the one that its members agreed on");
    }

    private RoomExportFault? TakeContent(ulong seq, DateTimeOffset at, RoomEntry entry)
    {
        var account = state.Devices[new Guid(entry.Device, bigEndian: true)].Account;
        if (!keys.TryGetValue(entry.Era, out var key))
        {
            closed++;
            reader?.TakeContent((long)seq, at, account, [], isOpen: false);
            return null;
        }

        if (EntryContent.TryOpen(key, entry) is not { } content) return Fault("export-content", $"the content of entry {seq} does not open with the key of its era");
        opened++;
        reader?.TakeContent((long)seq, at, account, content, isOpen: true);
        if (FileIn(content) is { } file) carried.TryAdd(file.Id, file);
        return null;
    }

    /// <summary>Null also for what is no JSON: members wrote it, and their devices show it as unreadable.</summary>
    private static SharedFile? FileIn(byte[] content)
    {
        try
        {
            using var document = JsonDocument.Parse(content);
            return SharedFile.Of(document.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // A text may hold half a character, which .NET finds only when it is read.
            return null;
        }
    }

    private RoomExportFault? EndEntries()
    {
        if (chain.Seq != beginning.HeadSeq) return Fault("export-head", $"{chain.Seq} entries are here of the {beginning.HeadSeq} that the archive begins with");
        if (!chain.Hash.SequenceEqual(beginning.HeadHash)) return Fault("export-head", "the entries are not those that the archive begins with: their hash is another");
        foreach (var era in keys.Keys)
        {
            if (!provenKeys.Contains(era)) return Fault("export-era-key", $"there is a key of era {era}, and no such era");
        }

        return null;
    }

    private RoomExportFault? TakeFile(ReadOnlySpan<byte> body)
    {
        if (EndFile() is { } unfinished) return unfinished;
        var bytes = new WireReader(body);
        var (id, parts) = (new Guid(bytes.Take(16) is { Length: 16 } given ? given : new byte[16], bigEndian: true), bytes.ReadUInt32());
        if (!bytes.IsComplete) return Fault("export-malformed", "a file's beginning is not readable");
        if (!carried.TryGetValue(id, out var file)) return Fault("export-file", $"no entry that opens carries the file {id}");
        if (!found.Add(id) || parts != file.Parts) return Fault("export-file", $"the file {id} is there twice, or cut into other parts than its entry says");
        open = new FileOpening(file, room);
        fileBytes += file.Size;
        reader?.TakeFile(file);
        return null;
    }

    private RoomExportFault? TakePart(ReadOnlySpan<byte> body)
    {
        if (open?.Open(body) is not { } part) return Fault("export-file", "a part of a file is not the one that was sealed in its place");
        reader?.TakePart(part);
        return null;
    }

    private RoomExportFault? EndFile()
    {
        if (open is not { } file) return null;
        open = null;
        using (file)
        {
            if (!file.IsComplete) return Fault("export-file", "a file ends before its last part");
            return file.HasRoot() ? null : Fault("export-file", "a file is not the one that its entry was signed over");
        }
    }

    private RoomExportFault? End(ReadOnlySpan<byte> signature)
    {
        if (last == RecordType.Entry && EndEntries() is { } wrong) return wrong;
        if (EndFile() is { } unfinished) return unfinished;
        if (!state.Devices.TryGetValue(beginning.Device, out var device) || device.IsRevoked || device.Account != beginning.Account
            || !state.Members.TryGetValue(device.Account, out var member) || !member.SigningKey.AsSpan().SequenceEqual(device.IdentityKey))
        {
            return Fault("export-exporter", "the device that made the archive is not one of a member's");
        }

        return Labels.Verify(device.Key, "Tocsin room export signature v1\0"u8, records.Hash, signature)
            ? null
            : Fault("export-signature", "the signature over the whole archive is wrong: something in it was changed, such as a time or who is said to have made it");
    }

    private RoomExportReport Report() => new(
        new Guid(room, bigEndian: true), (long)beginning.HeadSeq, Convert.ToHexStringLower(beginning.HeadHash), beginning.ExportedAt, beginning.Account, beginning.Device, opened, closed,
        found.Count, fileBytes, carried.Count - found.Count,
        [.. state.Members.Values.OrderBy(m => m.Account).Select(m => $"{m.Account} {m.Role.ToString().ToLowerInvariant()}")]);

    private RoomExportFault Fault(string code, string what) => records.Fault(code, what);

    internal static bool TryTime(ulong milliseconds, out DateTimeOffset time)
    {
        const ulong latest = 253_402_300_799_999;
        time = milliseconds <= latest ? DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds) : default;
        return milliseconds <= latest;
    }

    private sealed record Beginning(ulong HeadSeq, byte[] HeadHash, DateTimeOffset ExportedAt, Guid Account, Guid Device);
}
