using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Tocsin.Alerting.Channels.Tests.Smtp;

/// <summary>A relay in the test's own process that says exactly what the test tells it: for what a proper mail server would never say.</summary>
/// <remarks>It answers line by line: each command by the reply whose key it begins with, content by the reply to "."; a reply of null closes the connection.</remarks>
internal sealed class ScriptedRelay : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<string> heard = new();
    private readonly ConcurrentBag<Task> sessions = [];
    private readonly ConcurrentBag<TcpClient> clients = [];
    private readonly Dictionary<string, string?> replies;
    private readonly Task accepting;
    private int connections;

    public ScriptedRelay(params (string Command, string? Reply)[] differences)
    {
        replies = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            [""] = "220 relay.example",
            ["EHLO"] = "250-relay.example\r\n250-PIPELINING\r\n250-SIZE 1000000\r\n250 8BITMIME",
            ["HELO"] = "250 relay.example",
            ["MAIL"] = "250 2.1.0 OK",
            ["RCPT"] = "250 2.1.5 OK",
            ["DATA"] = "354 Go on",
            ["."] = "250 2.0.0 queued",
            ["RSET"] = "250 2.0.0 OK",
            ["QUIT"] = "221 2.0.0 Bye",
        };
        foreach (var (command, reply) in differences)
            replies[command] = reply;
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public int Connections => Volatile.Read(ref connections);

    /// <summary>Commands and ends of content, in order.</summary>
    public IReadOnlyList<string> Heard => [.. heard];

    /// <summary>What the relay says to a command from now on.</summary>
    public void Say(string command, string? reply)
    {
        lock (replies)
            replies[command] = reply;
    }

    public void CloseConnections()
    {
        foreach (var client in clients)
            client.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        listener.Stop();
        await accepting;
        CloseConnections();
        await Task.WhenAll(sessions);
        listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync();
                Interlocked.Increment(ref connections);
                clients.Add(client);
                sessions.Add(ServeAsync(client));
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            var stream = client.GetStream();
            using var reader = new StreamReader(stream, Encoding.Latin1);
            var inContent = false;
            if (!await AnswerAsync(stream, ""))
                return;
            while (await reader.ReadLineAsync() is { } line)
            {
                if (inContent && line != ".")
                    continue;
                heard.Enqueue(line);
                var command = inContent ? "." : line[..Math.Min(4, line.Length)].ToUpperInvariant();
                if (!await AnswerAsync(stream, command))
                    return;
                inContent = !inContent && command == "DATA" && Reply("DATA")!.StartsWith('3');
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // The channel closed first.
        }
        finally
        {
            client.Dispose();
        }
    }

    private string? Reply(string command)
    {
        lock (replies)
            return replies.GetValueOrDefault(command, "500 5.5.1 Unknown");
    }

    private async Task<bool> AnswerAsync(NetworkStream stream, string command)
    {
        if (Reply(command) is not { } reply)
            return false;
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{reply}\r\n"));
        return true;
    }
}
