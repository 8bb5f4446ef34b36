using Tocsin.Alerting.Plans;
using Tocsin.Bench.Chat.Load;
using Tocsin.Rehearsal;
using Tocsin.Rooms.Tests;
using Tocsin.Storage;
using Tocsin.Storage.Model;
using Tocsin.Testing;

namespace Tocsin.Bench.Chat.Rooms;

/// <summary>Our own server, as it is shipped, with SQLite: every entry is durable before anybody hears of it.</summary>
internal sealed class TocsinChat : IChatServer
{
    /// <summary>Half of what a server waits for.</summary>
    private static readonly TimeSpan pingEvery = TimeSpan.FromSeconds(15);

    private const int ConnectedAtOnce = 50;

    private readonly ScratchDirectory data;
    private readonly Organisation organisation;
    private readonly ServerProcess server;
    private readonly HttpClient http;
    private readonly Shape shape;
    private readonly IReadOnlyList<ChatRoom> chats;
    private readonly List<TocsinRoom> rooms = [];
    private readonly List<HubLine> lines = [];
    private readonly CancellationTokenSource stop = new();

    private IReadOnlyList<string> cookies = [];
    private Task pinging = Task.CompletedTask;

    private TocsinChat(ScratchDirectory data, Organisation organisation, ServerProcess server, Shape shape, IReadOnlyList<ChatRoom> chats)
    {
        (this.data, this.organisation, this.server, this.shape, this.chats) = (data, organisation, server, shape, chats);
        http = new HttpClient(new SocketsHttpHandler { UseCookies = false, MaxConnectionsPerServer = 100 }) { BaseAddress = server.Address, Timeout = TimeSpan.FromMinutes(2) };
        http.DefaultRequestHeaders.Add("Sec-Fetch-Site", "same-origin");
    }

    public int ProcessId => server.ProcessId;

    public string Name => "tocsin";

    public static async Task<TocsinChat> StartAsync(Shape shape, IReadOnlyList<ChatRoom> chats, string program, CancellationToken cancellationToken)
    {
        var directory = new ScratchDirectory();
        var made = await Organisation.CreateAsync(DatabaseOptions.SqliteFile(directory.File("tocsin.db")), shape.Clients, _ => ContactPointKind.Email, cancellationToken, Roles.Staff);
        var prepared = ServerProcess.Prepare(directory, null, new Dictionary<string, object>(StringComparer.Ordinal), ServerCore.Wrap(directory, program));
        var chat = new TocsinChat(directory, made, prepared, shape, chats) { cookies = await made.SignInEveryoneAsync(Roles.Staff, cancellationToken) };
        await prepared.StartAsync();
        await prepared.ListensAsync();
        await prepared.IsReadyAsync();
        return await Measuring.OfAsync(prepared, async () =>
        {
            await chat.MakeRoomsAsync();
            return chat;
        });
    }

    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        for (var room = 0; room < shape.Rooms; room++)
        {
            for (var member = 0; member < Shape.RoomSize; member++)
                lines.Add(new HubLine(cookies[(room * Shape.RoomSize) + member], rooms[room].Id, member, rooms[room].EntriesBefore, chats[room], http));
        }

        foreach (var some in lines.Chunk(ConnectedAtOnce)) await Task.WhenAll(some.Select(line => line.ConnectAsync(server.Port)));
        pinging = PingAsync(stop.Token);
    }

    public Task SendAsync(int room, long dueAt) => rooms[room].SendAsync(dueAt);

    public void Verify()
    {
        if (lines.Find(line => line.Fault is not null) is { } broken) throw new InvalidOperationException("A line broke.", broken.Fault);
        foreach (var room in rooms) room.Verify();
        Console.Error.WriteLine($"{HubLine.Ways.Pushed} deliveries came with their news, {HubLine.Ways.Asked} were asked for.");
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await pinging.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var line in lines) line.Dispose();
        foreach (var room in rooms) room.Dispose();
        http.Dispose();
        stop.Dispose();
        await server.DisposeAsync();
        await organisation.DisposeAsync();
        data.Dispose();
    }

    private async Task MakeRoomsAsync()
    {
        for (var room = 0; room < shape.Rooms; room++)
        {
            var from = room * Shape.RoomSize;
            var people = Enumerable.Range(from, Shape.RoomSize).Select(index => organisation.People[index].Value).ToList();
            var authors = Enumerable.Range(0, Shape.AuthorsInRoom).Select(index => new RoomWriter(new RoomAuthor(people[index]), cookies[from + index])).ToList();
            var made = new TocsinRoom(authors, chats[room], http);
            await made.BeginAsync(people[..Shape.AuthorsInRoom], people[Shape.AuthorsInRoom..]);
            rooms.Add(made);
        }
    }

    /// <summary>Spread over the time that there is, as browsers that connected at different moments do.</summary>
    private async Task PingAsync(CancellationToken cancellationToken)
    {
        const int Turns = 100;
        while (true)
        {
            foreach (var some in lines.Chunk((lines.Count + Turns - 1) / Turns))
            {
                await Task.WhenAll(some.Where(line => line.Fault is null).Select(line => line.PingAsync()));
                await Task.Delay(pingEvery / Turns, cancellationToken);
            }
        }
    }
}
