using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Tocsin.Bench.Chat.Load;

namespace Tocsin.Bench.Chat.Rooms;

/// <summary>A browser's session: SignalR's JSON protocol over WebSocket, in the least that a client can do. What it is told without being given it reads over HTTP, as a browser does.</summary>
internal sealed class HubLine(string cookie, Guid room, int member, long startsAfter, ChatRoom chat, HttpClient http) : LineClient
{
    private const byte RecordEnd = 0x1e;

    private readonly TaskCompletionSource following = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<byte> pending = [];

    private bool isUpgraded;
    private bool isReading;
    private long told = startsAfter;
    private long has = startsAfter;

    /// <summary>Messages that came with their news, and those that had to be asked for.</summary>
    public static (int Pushed, int Asked) Ways;

    /// <summary>Connects; completes once the line would tell of the next event.</summary>
    public async Task ConnectAsync(int port)
    {
        await OpenAsync(port);
        await SendAsync(Encoding.ASCII.GetBytes(
            $"GET /hub HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OTAxMjM0NQ==\r\nSec-Fetch-Site: same-origin\r\nCookie: {cookie}\r\n\r\n"));
        await following.Task.WaitAsync(TimeSpan.FromMinutes(1));
    }

    /// <summary>Otherwise the server takes the client for gone.</summary>
    public Task PingAsync() => SendAsync(Frame("""{"type":6}"""));

    protected override void Fail(Exception exception)
    {
        base.Fail(exception);
        following.TrySetException(exception);
    }

    protected override int Take(ReadOnlySpan<byte> received)
    {
        var taken = 0;
        if (!isUpgraded)
        {
            var end = received.IndexOf("\r\n\r\n"u8);
            if (end < 0) return 0;
            if (!received.StartsWith("HTTP/1.1 101 "u8)) throw new InvalidDataException("No line: " + Encoding.ASCII.GetString(received[..end]));
            isUpgraded = true;
            taken = end + 4;

            // A number below 0 is unknown to the server: it starts at the last.
            _ = SendAsync([.. Frame("""{"protocol":"json","version":1}"""), .. Frame("""{"type":4,"invocationId":"1","target":"Subscribe","arguments":[-1]}""")]);
        }

        while (TakeFrame(received[taken..]) is var length and > 0) taken += length;
        return taken;
    }

    /// <summary>RFC 6455; a server masks nothing.</summary>
    private int TakeFrame(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 2) return 0;
        var (opcode, length, start) = (bytes[0] & 0x0f, (long)(bytes[1] & 0x7f), 2);
        if (length >= 126)
        {
            start = length == 126 ? 4 : 10;
            if (bytes.Length < start) return 0;
            length = 0;
            foreach (var part in bytes[2..start]) length = (length << 8) | part;
        }

        if (bytes.Length < start + length) return 0;
        var payload = bytes.Slice(start, (int)length);
        if (opcode == 8) throw new IOException("The server closed a session.");
        if (opcode < 8) TakeRecords(payload);
        return start + (int)length;
    }

    private void TakeRecords(ReadOnlySpan<byte> payload)
    {
        for (var end = payload.IndexOf(RecordEnd); end >= 0; end = payload.IndexOf(RecordEnd))
        {
            if (pending.Count == 0)
            {
                TakeRecord(payload[..end]);
            }
            else
            {
                pending.AddRange(payload[..end]);
                TakeRecord([.. pending]);
                pending.Clear();
            }

            payload = payload[(end + 1)..];
        }

        pending.AddRange(payload);
    }

    /// <summary>Only a stream's item interests. An event begins with its number, and ends with its data, in which an entry's room and number come first.</summary>
    private void TakeRecord(ReadOnlySpan<byte> record)
    {
        if (!record.StartsWith("{\"type\":2,"u8))
        {
            if (record.StartsWith("{\"type\":3,"u8) || record.StartsWith("{\"type\":7"u8)) throw new IOException("The server ended a stream: " + Encoding.UTF8.GetString(record));
            return;
        }

        var reader = new Utf8JsonReader(record);
        var isEntry = false;
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName) continue;
            if (reader.ValueTextEquals("reset"u8))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.True) following.TrySetResult();
            }
            else if (reader.ValueTextEquals("kind"u8))
            {
                reader.Read();
                isEntry = reader.ValueTextEquals("room.entry-appended"u8);
            }
            else if (isEntry && reader.ValueTextEquals("data"u8))
            {
                TakeNews(ref reader);
            }
        }

        if (told > has && !isReading) _ = ReadAsync();
    }

    private void TakeNews(ref Utf8JsonReader reader)
    {
        long seq = 0;
        ReadOnlySpan<byte> entry = default;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            if (reader.TokenType != JsonTokenType.PropertyName) continue;
            if (reader.ValueTextEquals("seq"u8))
            {
                reader.Read();
                seq = reader.GetInt64();
            }
            else if (reader.ValueTextEquals("entry"u8))
            {
                reader.Read();
                entry = reader.ValueSpan;
            }
            else if (reader.ValueTextEquals("roomId"u8))
            {
                reader.Read();
                if (!Utf8Parser.TryParse(reader.ValueSpan, out Guid of, out _) || of != room) throw new InvalidDataException("Somebody heard of a room that is not theirs.");
            }
        }

        if (seq != told + 1) throw new InvalidDataException($"Entry {seq} was told of after {told}.");
        told = seq;
        if (entry.IsEmpty || has != seq - 1) return;
        has = seq;
        Interlocked.Increment(ref Ways.Pushed);
        chat.Deliver(member, entry);
    }

    /// <summary>Reads what is new, until all is there that was told of.</summary>
    private async Task ReadAsync()
    {
        isReading = true;
        try
        {
            while (has < told)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"/api/v1/rooms/{room}/entries?after={has}", UriKind.Relative));
                request.Headers.Add("Cookie", cookie);
                using var answer = await http.SendAsync(request);
                answer.EnsureSuccessStatusCode();
                using var page = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync());
                foreach (var item in page.RootElement.GetProperty("entries").EnumerateArray())
                {
                    if (item.GetProperty("seq").GetInt64() != ++has) throw new InvalidDataException("Entries are not in order.");
                    Interlocked.Increment(ref Ways.Asked);
                    chat.Deliver(member, Encoding.ASCII.GetBytes(item.GetProperty("entry").GetString()!));
                }
            }
        }
        catch (Exception exception)
        {
            Fail(exception);
        }

        isReading = false;
    }

    /// <summary>A client masks; with a key of zeros, since nobody is deceived here.</summary>
    private static byte[] Frame(string record)
    {
        var text = Encoding.UTF8.GetBytes(record + (char)RecordEnd);
        return [0x81, (byte)(0x80 | text.Length), 0, 0, 0, 0, .. text];
    }
}
