using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;

namespace Tocsin.Testing;

/// <summary>One connection to a hub, as a browser has it: calls methods, and reads streams. SignalR's JSON protocol over WebSocket or long polling, in the least code.</summary>
/// <remarks>As <see cref="HubProbe"/>, which reads the event stream only.</remarks>
public sealed class HubLine : IAsyncDisposable
{
    private const char RecordEnd = '\u001e';

    // As browsers do: whoever has said nothing for 30 s is gone.
    private static readonly TimeSpan pingEvery = TimeSpan.FromSeconds(10);
    private static readonly JsonSerializerOptions web = new(JsonSerializerDefaults.Web);

    private readonly ConcurrentDictionary<string, TaskCompletionSource<JsonElement>> answers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ChannelWriter<JsonElement>> streams = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource stop = new();
    private readonly SemaphoreSlim sending = new(1, 1);
    private readonly Wire wire;
    private readonly Task reading;
    private readonly Task pinging;
    private int lastId;

    private HubLine(Wire wire)
    {
        this.wire = wire;
        reading = ReadAsync();
        pinging = PingAsync();
    }

    /// <summary>Whether the server, or the network, has ended it.</summary>
    public bool IsClosed => reading.IsCompleted;

    /// <param name="path"><c>/hub</c> or another.</param>
    /// <param name="cookie">As <c>name=value</c>; null: none.</param>
    public static async Task<HubLine> OpenAsync(Uri address, string path, string? cookie, bool longPolling, CancellationToken cancellationToken)
    {
        Wire opened = longPolling ? new PollingWire(address, path, cookie) : new SocketWire(address, path, cookie);
        await opened.OpenAsync(cancellationToken);
        await opened.SendAsync($$"""{"protocol":"json","version":1}{{RecordEnd}}""", cancellationToken);
        return new HubLine(opened);
    }

    /// <summary>Calls a method and waits for what it answers.</summary>
    /// <exception cref="HubLineException">The invocation failed: what was sent is not even of the right form.</exception>
    public async Task<JsonElement> InvokeAsync(string method, params object?[] arguments)
    {
        var id = Interlocked.Increment(ref lastId).ToString(CultureInfo.InvariantCulture);
        var answer = answers[id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await SendAsync(new { type = 1, invocationId = id, target = method, arguments });
        return await answer.Task.WaitAsync(Eventually.Limit);
    }

    /// <summary>Calls a streaming method.</summary>
    public async Task<HubStream> StreamAsync(string method, params object?[] arguments)
    {
        var id = Interlocked.Increment(ref lastId).ToString(CultureInfo.InvariantCulture);
        var items = Channel.CreateUnbounded<JsonElement>();
        streams[id] = items.Writer;
        await SendAsync(new { type = 4, invocationId = id, target = method, arguments });
        return new HubStream(items.Reader, () => SendAsync(new { type = 5, invocationId = id }));
    }

    /// <summary>Sends a record as it is.</summary>
    public async Task SendRawAsync(string record)
    {
        await sending.WaitAsync();
        try
        {
            await wire.SendAsync(record + RecordEnd, stop.Token);
        }
        finally
        {
            sending.Release();
        }
    }

    /// <summary>Breaks off without a word, as a network does.</summary>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        wire.Dispose();
        try
        {
            await pinging;
            await reading;
        }
        catch (Exception)
        {
            // It was broken off.
        }

        stop.Dispose();
        sending.Dispose();
    }

    private Task SendAsync(object message) => SendRawAsync(JsonSerializer.Serialize(message, message.GetType(), web));

    private async Task PingAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(pingEvery, stop.Token);
                await SendAsync(new { type = 6 });
            }
        }
        catch (Exception)
        {
            // Whoever reads hears that it has ended.
        }
    }

    private async Task ReadAsync()
    {
        var pending = new StringBuilder();
        try
        {
            while (await wire.ReceiveAsync(stop.Token) is { } text)
            {
                pending.Append(text);
                Take(pending);
            }
        }
        finally
        {
            foreach (var stream in streams.Values) stream.TryComplete();
            foreach (var answer in answers.Values) answer.TrySetException(new IOException("The line has ended."));
        }
    }

    private void Take(StringBuilder pending)
    {
        var text = pending.ToString();
        var end = text.LastIndexOf(RecordEnd);
        if (end < 0) return;
        pending.Clear().Append(text.AsSpan(end + 1));
        foreach (var record in text[..end].Split(RecordEnd)) TakeRecord(JsonElement.Parse(record));
    }

    private void TakeRecord(JsonElement record)
    {
        if (!record.TryGetProperty("type", out var type)) return;
        var id = record.TryGetProperty("invocationId", out var found) ? found.GetString()! : "";
        if (type.GetInt32() == 2 && streams.TryGetValue(id, out var stream)) stream.TryWrite(record.GetProperty("item"));
        if (type.GetInt32() != 3) return;
        var error = record.TryGetProperty("error", out var said) ? new HubLineException(said.GetString() ?? "") : null;
        if (streams.TryRemove(id, out var ended)) ended.TryComplete(error);
        if (!answers.TryRemove(id, out var answer)) return;
        if (error is not null) answer.SetException(error);
        else answer.SetResult(record.TryGetProperty("result", out var result) ? result : default);
    }

    private abstract class Wire : IDisposable
    {
        public abstract Task OpenAsync(CancellationToken cancellationToken);

        public abstract Task SendAsync(string text, CancellationToken cancellationToken);

        /// <returns>Null at the end.</returns>
        public abstract Task<string?> ReceiveAsync(CancellationToken cancellationToken);

        public abstract void Dispose();
    }

    private sealed class SocketWire(Uri address, string path, string? cookie) : Wire
    {
        private readonly ClientWebSocket socket = new();
        private readonly byte[] buffer = new byte[64 * 1024];
        private readonly Decoder utf8 = Encoding.UTF8.GetDecoder();

        public override Task OpenAsync(CancellationToken cancellationToken)
        {
            if (cookie is not null) socket.Options.SetRequestHeader("Cookie", cookie);
            socket.Options.SetRequestHeader("Sec-Fetch-Site", "same-origin");
            return socket.ConnectAsync(new UriBuilder(address) { Scheme = "ws", Path = path }.Uri, cancellationToken);
        }

        public override Task SendAsync(string text, CancellationToken cancellationToken) => socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, cancellationToken);

        public override async Task<string?> ReceiveAsync(CancellationToken cancellationToken)
        {
            var received = await socket.ReceiveAsync(buffer, cancellationToken);
            if (received.MessageType == WebSocketMessageType.Close) return null;
            var characters = new char[utf8.GetCharCount(buffer, 0, received.Count)];
            utf8.GetChars(buffer, 0, received.Count, characters, 0);
            return new string(characters);
        }

        public override void Dispose()
        {
            socket.Abort();
            socket.Dispose();
        }
    }

    private sealed class PollingWire : Wire
    {
        private readonly HttpClient client;
        private readonly string path;
        private Uri connection = new("about:blank");

        public PollingWire(Uri address, string path, string? cookie)
        {
            this.path = path;
            client = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = address };
            if (cookie is not null) client.DefaultRequestHeaders.Add("Cookie", cookie);
            client.DefaultRequestHeaders.Add("Sec-Fetch-Site", "same-origin");
        }

        public override async Task OpenAsync(CancellationToken cancellationToken)
        {
            using var negotiated = await client.PostAsync(new Uri(path + "/negotiate?negotiateVersion=1", UriKind.Relative), null, cancellationToken);
            negotiated.EnsureSuccessStatusCode();
            using var answer = JsonDocument.Parse(await negotiated.Content.ReadAsStringAsync(cancellationToken));
            connection = new Uri($"{path}?id={answer.RootElement.GetProperty("connectionToken").GetString()}", UriKind.Relative);
            (await client.GetAsync(connection, cancellationToken)).EnsureSuccessStatusCode();
        }

        public override async Task SendAsync(string text, CancellationToken cancellationToken)
        {
            using var content = new StringContent(text);
            (await client.PostAsync(connection, content, cancellationToken)).EnsureSuccessStatusCode();
        }

        public override async Task<string?> ReceiveAsync(CancellationToken cancellationToken)
        {
            using var poll = await client.GetAsync(connection, cancellationToken);
            if (poll.StatusCode == HttpStatusCode.NoContent) return null;
            poll.EnsureSuccessStatusCode();
            return await poll.Content.ReadAsStringAsync(cancellationToken);
        }

        public override void Dispose() => client.Dispose();
    }
}

/// <summary>Items of a stream, as they come.</summary>
public sealed class HubStream(ChannelReader<JsonElement> items, Func<Task> cancel)
{
    public ChannelReader<JsonElement> Items { get; } = items;

    /// <summary>Does not want to hear more; the connection stays.</summary>
    public Task CancelAsync() => cancel();
}

/// <summary>The hub refused the form of what was sent, or failed.</summary>
public sealed class HubLineException : Exception
{
    public HubLineException()
    {
    }

    public HubLineException(string message)
        : base(message)
    {
    }

    public HubLineException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
