using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Tocsin.Bench.Chat.Load;
using Tocsin.Rooms;
using Tocsin.Rooms.Tests;

namespace Tocsin.Bench.Chat.Rooms;

/// <summary>One encrypted room: who writes in it, and what a reader verifies of it.</summary>
internal sealed class TocsinRoom : IDisposable
{
    private const int PaddedLength = 256;

    private readonly byte[] eraKey = RandomNumberGenerator.GetBytes(EntryContent.EraKeyLength);
    private readonly List<byte[]> first = [];
    private readonly Queue<RoomWriter> waiting = new();
    private readonly IReadOnlyList<RoomWriter> authors;
    private readonly ChatRoom chat;
    private readonly HttpClient http;
    private readonly SemaphoreSlim free;

    private byte[] id = [];
    private RoomChain head;
    private int written;

    public TocsinRoom(IReadOnlyList<RoomWriter> authors, ChatRoom chat, HttpClient http)
    {
        (this.authors, this.chat, this.http) = (authors, chat, http);
        free = new SemaphoreSlim(authors.Count);
        foreach (var author in authors) waiting.Enqueue(author);
    }

    public Guid Id => new(id, bigEndian: true);

    /// <summary>Entries that were there before anybody listened.</summary>
    public int EntriesBefore => first.Count;

    /// <summary>Creates the room with all of its members, and has those who write come in with their devices.</summary>
    /// <param name="others">Members who only read.</param>
    public async Task BeginAsync(IReadOnlyList<Guid> writers, IReadOnlyList<Guid> others)
    {
        var members = authors.Zip(writers, (author, person) => (person, author.Device.IdentityKey)).Skip(1).Concat(others.Select(person => (person, RandomNumberGenerator.GetBytes(32))));
        (id, var creation) = authors[0].Device.Create(members, eraKey);
        head = RoomChain.Begin(id);
        await AppendFirstAsync(authors[0], creation);
        foreach (var author in authors.Skip(1)) await AppendFirstAsync(author, author.Device.Introduce(id, head));
    }

    /// <summary>The next author writes. One has one entry under way: a device's entries are in order.</summary>
    public async Task SendAsync(long dueAt)
    {
        await free.WaitAsync();
        RoomWriter author;
        lock (waiting) author = waiting.Dequeue();
        var entry = author.Device.Write(id, head, eraKey, NextText());
        chat.Send(Convert.ToBase64String(entry), dueAt);
        await AppendAsync(author, entry);
        lock (waiting) waiting.Enqueue(author);
        free.Release();
    }

    /// <summary>Reads the room as a member who has its key does: each entry is accepted, opens, and says what was written.</summary>
    public void Verify()
    {
        var state = new RoomState(Id);
        var hashes = new List<byte[]> { RoomChain.Begin(id).Hash.ToArray() };
        var chain = RoomChain.Begin(id);
        var texts = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in first.Concat(chat.Texts.Select(text => Convert.FromBase64String(Encoding.ASCII.GetString(text)))))
        {
            chain = chain.Append(entry);
            hashes.Add(chain.Hash.ToArray());
            if (!RoomEntry.TryParse(entry, out var read, out _)) throw new InvalidDataException("An entry is malformed.");
            if (state.Accept(chain.Seq, entry, hashes[(int)read.SeenSeq]) is { } refused) throw new InvalidDataException($"A reader refuses entry {chain.Seq}: {refused}.");
            if (read.Class != EntryClass.Content) continue;
            if (EntryContent.TryOpen(eraKey, read) is not { } opened || !texts.Add(Encoding.UTF8.GetString(opened))) throw new InvalidDataException("An entry does not open, or came twice.");
        }

        if (!chain.Hash.SequenceEqual(head.Hash)) throw new InvalidDataException("The chain is not the one that the server answered with.");
        if (!texts.SetEquals(Enumerable.Range(1, written).Select(TextOf))) throw new InvalidDataException("The room does not say what was written in it.");
    }

    public void Dispose()
    {
        foreach (var author in authors) author.Device.Dispose();
        free.Dispose();
    }

    private async Task AppendFirstAsync(RoomWriter author, byte[] entry)
    {
        first.Add(entry);
        await AppendAsync(author, entry);
    }

    private async Task AppendAsync(RoomWriter author, byte[] entry)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"/api/v1/rooms/{Id}/entries", UriKind.Relative)) { Content = JsonContent.Create(new { entry }) };
        request.Headers.Add("Cookie", author.Cookie);
        using var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"An entry was refused: {(int)answer.StatusCode} {text}");
        using var appended = JsonDocument.Parse(text);
        var seq = (ulong)appended.RootElement.GetProperty("seq").GetInt64();
        lock (waiting)
        {
            if (seq > head.Seq) head = RoomChain.At(seq, appended.RootElement.GetProperty("chainHash").GetBytesFromBase64());
        }
    }

    private byte[] NextText()
    {
        var padded = new byte[PaddedLength];
        var length = Encoding.UTF8.GetBytes(TextOf(Interlocked.Increment(ref written)), padded);
        padded[length] = 0x80;
        return padded;
    }

    private static string TextOf(int number) =>
        $$"""{"kind":"message","text":"{{number.ToString("000000", CultureInfo.InvariantCulture)}}: Le service de garde ferme la zone A ; les patients sont conduits au bâtiment B par le couloir nord, et les familles sont reçues à l'accueil."}""";
}

/// <summary>Somebody's device, and the session that it writes in.</summary>
internal sealed record RoomWriter(RoomAuthor Device, string Cookie);
