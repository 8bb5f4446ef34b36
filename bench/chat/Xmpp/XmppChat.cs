using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Tocsin.Bench.Chat.Load;
using Tocsin.Testing;

namespace Tocsin.Bench.Chat.Xmpp;

/// <summary>Rooms of an XMPP server (XEP-0045). A message's body is as many bytes as an entry of ours; what is in it a server of either kind cannot read.</summary>
internal sealed class XmppChat : IChatServer
{
    private static readonly TimeSpan startLimit = TimeSpan.FromMinutes(1);

    private const int JoinedAtOnce = 50;

    private readonly ScratchDirectory data = new();
    private readonly int port = LoopbackPort.Free();
    private readonly Shape shape;
    private readonly IReadOnlyList<ChatRoom> chats;
    private readonly List<XmppLine> lines = [];
    private readonly int[] turns;

    private TiedProcess? process;

    private XmppChat(Shape shape, IReadOnlyList<ChatRoom> chats, string name) => (this.shape, this.chats, Name, turns) = (shape, chats, name, new int[shape.Rooms]);

    public int ProcessId => process!.ProcessId;

    public string Name { get; }

    public static async Task<XmppChat> StartAsync(Shape shape, IReadOnlyList<ChatRoom> chats, XmppServer server)
    {
        var chat = new XmppChat(shape, chats, $"{server.Package} {await VersionAsync(server.Package)}");
        chat.process = await server.StartAsync(chat.data, chat.port);
        await chat.ListensAsync();
        return chat;
    }

    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        for (var room = 0; room < shape.Rooms; room++)
        {
            for (var member = 0; member < Shape.RoomSize; member++) lines.Add(new XmppLine(room, member, chats[room]));
        }

        foreach (var some in lines.Chunk(JoinedAtOnce)) await Task.WhenAll(some.Select(line => line.JoinAsync(port)));
    }

    public Task SendAsync(int room, long dueAt)
    {
        var body = Convert.ToBase64String(RandomNumberGenerator.GetBytes(Shape.EntryLength));
        chats[room].Send(body, dueAt);
        return lines[(room * Shape.RoomSize) + (turns[room]++ % Shape.AuthorsInRoom)].WriteAsync(body);
    }

    public void Verify()
    {
        if (lines.Find(line => line.Fault is not null) is { } broken) throw new InvalidOperationException("A line broke.", broken.Fault);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var line in lines) line.Dispose();
        if (process is not null) await process.DisposeAsync();
        data.Dispose();
    }

    private async Task ListensAsync()
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await probe.ConnectAsync(IPAddress.Loopback, port);
                return;
            }
            catch (SocketException) when (Stopwatch.GetElapsedTime(started) < startLimit)
            {
                // There is no signal to wait on.
                await Task.Delay(100);
            }
            catch (SocketException exception)
            {
                throw new TimeoutException($"{Name} does not listen. What it wrote:\n{process!.Output}", exception);
            }
        }
    }

    private static async Task<string> VersionAsync(string package)
    {
        var start = new ProcessStartInfo("dpkg-query", ["-W", "-f", "${Version}", package]) { RedirectStandardOutput = true, UseShellExecute = false };
        using var asked = Process.Start(start)!;
        return (await asked.StandardOutput.ReadToEndAsync()).Trim();
    }
}
