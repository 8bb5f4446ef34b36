using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Tocsin.Testing;

/// <summary>A session as a browser holds it, in the least code: SignalR's JSON hub protocol over WebSocket or long polling.</summary>
/// <remarks>Microsoft's .NET client is not among the packages that can be had. Protocol: aspnetcore docs, HubProtocol.md and TransportProtocols.md.</remarks>
public sealed class HubProbe(Uri address, string cookie, long startAfter = 0)
{
    private const char RecordEnd = '\u001e';

    // As browsers do: whoever has said nothing for 30 s is gone.
    private static readonly TimeSpan pingEvery = TimeSpan.FromSeconds(10);
    private static readonly string Ping = $$"""{"type":6}{{RecordEnd}}""";
    private static readonly string Handshake = $$"""{"protocol":"json","version":1}{{RecordEnd}}""";

    /// <summary>Every event that arrived over all connections, in order of arrival.</summary>
    public IList<ProbedEvent> Received { get; } = new List<ProbedEvent>();

    /// <summary>The number to resume from.</summary>
    public long Through { get; private set; } = startAfter;

    public int Resets { get; private set; }

    /// <summary>Streams events from <see cref="Through"/> until cancelled, the connection breaks, or <paramref name="enough"/> holds after a batch.</summary>
    /// <exception cref="Exception">Whatever broke the connection.</exception>
    public Task StreamAsync(bool longPolling, Func<HubProbe, bool> enough, CancellationToken cancellationToken) =>
        longPolling ? StreamByPollingAsync(enough ?? throw new ArgumentNullException(nameof(enough)), cancellationToken) : StreamByWebSocketAsync(enough ?? throw new ArgumentNullException(nameof(enough)), cancellationToken);

    private static async Task PingAsync(Func<string, CancellationToken, Task> send, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(pingEvery, cancellationToken);
                await send(Ping, cancellationToken);
            }
        }
        catch (Exception)
        {
            // Whoever reads hears that it has ended.
        }
    }

    private string Subscription => string.Create(CultureInfo.InvariantCulture, $$"""{"type":4,"invocationId":"1","target":"Subscribe","arguments":[{{Through}}]}{{RecordEnd}}""");

    private async Task StreamByWebSocketAsync(Func<HubProbe, bool> enough, CancellationToken cancellationToken)
    {
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Cookie", cookie);
        socket.Options.SetRequestHeader("Sec-Fetch-Site", "same-origin");
        await socket.ConnectAsync(new UriBuilder(address) { Scheme = "ws", Path = "/hub" }.Uri, cancellationToken);
        await socket.SendAsync(Encoding.UTF8.GetBytes(Handshake + Subscription), WebSocketMessageType.Text, true, cancellationToken);
        var buffer = new byte[64 * 1024];
        var pending = new StringBuilder();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var pinging = PingAsync((ping, token) => socket.SendAsync(Encoding.UTF8.GetBytes(ping), WebSocketMessageType.Text, true, token), end.Token);
        try
        {
            while (!enough(this))
            {
                var received = await socket.ReceiveAsync(buffer, cancellationToken);
                if (received.MessageType == WebSocketMessageType.Close) throw new IOException("The server closed the session.");
                pending.Append(Encoding.UTF8.GetString(buffer, 0, received.Count));
                if (received.EndOfMessage) Take(pending);
            }
        }
        finally
        {
            await end.CancelAsync();
            await pinging;
        }
    }

    private async Task StreamByPollingAsync(Func<HubProbe, bool> enough, CancellationToken cancellationToken)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = address };
        client.DefaultRequestHeaders.Add("Cookie", cookie);
        client.DefaultRequestHeaders.Add("Sec-Fetch-Site", "same-origin");
        using var negotiated = await client.PostAsync(new Uri("/hub/negotiate?negotiateVersion=1", UriKind.Relative), null, cancellationToken);
        negotiated.EnsureSuccessStatusCode();
        using var answer = JsonDocument.Parse(await negotiated.Content.ReadAsStringAsync(cancellationToken));
        var connection = new Uri("/hub?id=" + answer.RootElement.GetProperty("connectionToken").GetString(), UriKind.Relative);
        (await client.GetAsync(connection, cancellationToken)).EnsureSuccessStatusCode();
        using (var subscribe = new StringContent(Handshake + Subscription))
            (await client.PostAsync(connection, subscribe, cancellationToken)).EnsureSuccessStatusCode();
        var pending = new StringBuilder();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var pinging = PingAsync(
            async (ping, token) =>
            {
                using var content = new StringContent(ping);
                (await client.PostAsync(connection, content, token)).EnsureSuccessStatusCode();
            },
            end.Token);
        try
        {
            while (!enough(this))
            {
                using var poll = await client.GetAsync(connection, cancellationToken);
                if (poll.StatusCode == System.Net.HttpStatusCode.NoContent) throw new IOException("The server closed the session.");
                poll.EnsureSuccessStatusCode();
                pending.Append(await poll.Content.ReadAsStringAsync(cancellationToken));
                Take(pending);
            }
        }
        finally
        {
            await end.CancelAsync();
            await pinging;
        }
    }

    private void Take(StringBuilder pending)
    {
        var text = pending.ToString();
        var end = text.LastIndexOf(RecordEnd);
        if (end < 0) return;
        pending.Clear().Append(text.AsSpan(end + 1));
        foreach (var record in text[..end].Split(RecordEnd)) TakeRecord(record);
    }

    private void TakeRecord(string record)
    {
        using var message = JsonDocument.Parse(record);
        if (!message.RootElement.TryGetProperty("type", out var type)) return;
        if (type.GetInt32() is 3 or 7) throw new IOException("The server ended the stream: " + record);
        if (type.GetInt32() != 2) return;
        var batch = message.RootElement.GetProperty("item");
        if (batch.GetProperty("reset").GetBoolean()) Resets++;
        foreach (var item in batch.GetProperty("events").EnumerateArray())
            Received.Add(new ProbedEvent(item.GetProperty("seq").GetInt64(), item.GetProperty("kind").GetString()!, item.GetProperty("data").GetRawText()));
        Through = batch.GetProperty("through").GetInt64();
    }
}

public sealed record ProbedEvent(long Seq, string Kind, string Data);
