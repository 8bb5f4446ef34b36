using System.Globalization;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.RegularExpressions;
using Tocsin.Storage.Events;
using Tocsin.Storage.Model;
using Tocsin.Testing;

namespace Tocsin.Server.Tests.Errors;

/// <summary>Clients that hold on to what the server has, over real sockets.</summary>
public sealed partial class SlowClientTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_request_whose_header_never_ends_is_cut()
    {
        await using var server = await ServerUnderTest.StartAsync();
        using var client = await ConnectAsync(server);
        await client.SendAsync("GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-More: "u8.ToArray(), Cancellation);
        Assert.StartsWith("HTTP/1.1 408 ", await ReadToEndAsync(client), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_whose_body_never_comes_is_cut()
    {
        await using var server = await ServerUnderTest.StartAsync();
        using var client = await ConnectAsync(server);
        await client.SendAsync(
            Encoding.ASCII.GetBytes("POST /api/v1/sign-in/password HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"), Cancellation);
        Assert.StartsWith("HTTP/1.1 408 ", await ReadToEndAsync(client), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connections_past_the_limit_are_closed_and_the_places_come_free_again()
    {
        const int Limit = 20;
        await using var server = await ServerUnderTest.StartAsync(configure: options => options.MaximumConnections = Limit);
        var silent = new List<Socket>();
        try
        {
            for (var i = 0; i < Limit; i++) silent.Add(await ConnectAsync(server));
            using (var beyond = await ConnectAsync(server)) Assert.Equal("", await ReadToEndAsync(beyond));
        }
        finally
        {
            silent.ForEach(client => client.Dispose());
        }

        await Eventually.HoldsAsync(
            async () =>
            {
                try
                {
                    using var answer = await server.Anonymous.GetAsync("/api/v1/session", Cancellation);
                    return true;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            "there is room again");
    }

    [Fact]
    public async Task Sessions_that_do_not_read_take_no_memory_and_get_everything_once_they_do()
    {
        // 20 sessions, 16,000 events of 1 kB: 320 MB if what a session does not read were kept for it.
        const int Sessions = 20;
        const int Transactions = 64;
        const int EventsEach = 250;
        await using var server = await ServerUnderTest.StartAsync();
        var cookie = $"tocsin={(await server.OpenSessionAsync(await server.CreateAccountAsync(Roles.Staff))).Token}";
        var sessions = new List<ClientWebSocket>();
        for (var i = 0; i < Sessions; i++) sessions.Add(await SubscribeAsync(server, cookie));
        try
        {
            var before = GC.GetTotalMemory(forceFullCollection: true);
            for (var i = 0; i < Transactions; i++)
            {
                await AppendAsync(server, EventsEach);
                await PingAsync(sessions[0]);
            }

            var grown = GC.GetTotalMemory(forceFullCollection: true) - before;

            // The memory is that of the whole process, and other tests run in it: far from none, and far from what is looked for.
            Assert.True(grown < 200_000_000, string.Create(CultureInfo.InvariantCulture, $"{grown / 1_000_000} MB more"));
            await ReadThroughAsync(sessions[0], Transactions * EventsEach).WaitAsync(TimeSpan.FromMinutes(2), Cancellation);
        }
        finally
        {
            sessions.ForEach(session => session.Dispose());
        }
    }

    private static Task AppendAsync(ServerUnderTest server, int events) => server.Store.CommitAsync(
        (transaction, _) =>
        {
            for (var e = 0; e < events; e++) transaction.Append("thing.changed", EventVisibility.To(Roles.Staff), new { text = new string('x', 1_000) });
            return Task.CompletedTask;
        },
        Cancellation);

    private static async Task<ClientWebSocket> SubscribeAsync(ServerUnderTest server, string cookie)
    {
        var session = new ClientWebSocket();
        session.Options.SetRequestHeader("Cookie", cookie);
        session.Options.SetRequestHeader("Sec-Fetch-Site", "same-origin");
        await session.ConnectAsync(new UriBuilder(server.Address) { Scheme = "ws", Path = "/hub" }.Uri, Cancellation);
        const string Hello = "{\"protocol\":\"json\",\"version\":1}\u001e{\"type\":4,\"invocationId\":\"1\",\"target\":\"Subscribe\",\"arguments\":[0]}\u001e";
        await session.SendAsync(Encoding.UTF8.GetBytes(Hello), WebSocketMessageType.Text, true, Cancellation);
        return session;
    }

    /// <summary>As browsers do: whoever has said nothing for 30 s is gone.</summary>
    private static Task PingAsync(ClientWebSocket session) => session.SendAsync("{\"type\":6}\u001e"u8.ToArray(), WebSocketMessageType.Text, true, Cancellation);

    /// <summary>Reads until the server has told of this event, each once and in order.</summary>
    private static async Task ReadThroughAsync(ClientWebSocket session, long last)
    {
        var buffer = new byte[64 * 1024];
        var text = new StringBuilder();
        var next = 1L;
        while (next <= last)
        {
            var received = await session.ReceiveAsync(buffer, Cancellation);
            Assert.Equal(WebSocketMessageType.Text, received.MessageType);
            text.Append(Encoding.UTF8.GetString(buffer, 0, received.Count));
            if (!received.EndOfMessage) continue;
            foreach (Match seq in SequenceNumber().Matches(text.ToString())) Assert.Equal(next++, long.Parse(seq.Groups["seq"].ValueSpan, CultureInfo.InvariantCulture));
            text.Clear();
            await PingAsync(session);
        }
    }

    [GeneratedRegex("\"seq\":(?<seq>[0-9]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SequenceNumber();

    private static async Task<Socket> ConnectAsync(ServerUnderTest server)
    {
        var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync("127.0.0.1", server.Address.Port, Cancellation);
        return client;
    }

    /// <summary>All that comes until the server closes. The limits are of seconds, in Kestrel's own time, which no test can move.</summary>
    private static async Task<string> ReadToEndAsync(Socket client)
    {
        var received = new List<byte>();
        var buffer = new byte[4096];
        try
        {
            while (await client.ReceiveAsync(buffer, Cancellation).AsTask().WaitAsync(TimeSpan.FromMinutes(1), Cancellation) is > 0 and var count) received.AddRange(buffer[..count]);
        }
        catch (SocketException)
        {
            // Reset, which is also an end.
        }

        return Encoding.ASCII.GetString([.. received]);
    }
}
