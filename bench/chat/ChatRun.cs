using System.Diagnostics;
using Tocsin.Bench.Chat.Load;
using Tocsin.Bench.Chat.Rooms;
using Tocsin.Bench.Chat.Xmpp;

namespace Tocsin.Bench.Chat;

/// <summary>One server, measured with rising rates until its messages come too late.</summary>
internal sealed class ChatRun(string name, Shape shape, TimeSpan stepTime, string program)
{
    /// <summary>Beyond this nobody would call it a conversation.</summary>
    private static readonly TimeSpan limit = TimeSpan.FromMilliseconds(500);

    /// <summary>How long an overloaded server may take to hand over what it took on.</summary>
    private static readonly TimeSpan patience = TimeSpan.FromMinutes(3);

    private const double CalmRate = 5;
    private const double FirstRate = 10;
    private const int Refinements = 3;
    private const int MostWarmUps = 8;

    private readonly Delays delays = new();

    public async Task<Measured> MeasureAsync(CancellationToken cancellationToken)
    {
        var rooms = Enumerable.Range(0, shape.Rooms).Select(_ => new ChatRoom(Shape.RoomSize, delays)).ToList();
        await using IChatServer server = name switch
        {
            "tocsin" => await TocsinChat.StartAsync(shape, rooms, program, cancellationToken),
            "prosody" => await XmppChat.StartAsync(shape, rooms, new Prosody()),
            "ejabberd" => await XmppChat.StartAsync(shape, rooms, new Ejabberd()),
            _ => throw new InvalidOperationException($"There is no server '{name}'."),
        };

        // Without this what the server used to start would be counted with the clients.
        var memory = MemoryKibibytes(server);
        var processor = ProcessorTime(server);
        await server.ConnectAsync(cancellationToken);
        var connecting = ProcessorTime(server) - processor;
        var perClient = (MemoryKibibytes(server) - memory) / shape.Clients;

        await WarmUpAsync(server, cancellationToken);
        var calm = await StepAsync(server, CalmRate, cancellationToken);
        var (most, tooMuch) = await SearchAsync(server, cancellationToken);
        foreach (var room in rooms) room.VerifyComplete();
        server.Verify();
        return new Measured
        {
            Server = server.Name,
            ProcessorPerConnect = connecting.TotalMicroseconds / shape.Clients,
            MemoryPerClient = perClient,
            Calm = calm,
            Most = most ?? throw new InvalidOperationException($"{FirstRate} messages a second were too many."),
            TooMuch = tooMuch,
        };
    }

    /// <summary>What compiles and grows as it runs has done so, as far as it shows: a delivery costs what it cost before.</summary>
    private async Task WarmUpAsync(IChatServer server, CancellationToken cancellationToken)
    {
        var before = double.PositiveInfinity;
        for (var step = 0; step < MostWarmUps; step++)
        {
            var cost = (await StepAsync(server, FirstRate, cancellationToken)).ProcessorPerDelivery;
            if (cost > 0.9 * before) return;
            before = cost;
        }
    }

    /// <summary>What was too much once may have been somebody else's moment on a shared machine: only twice in a row it counts.</summary>
    private async Task<Step> TryAsync(IChatServer server, double rate, CancellationToken cancellationToken) =>
        await StepAsync(server, rate, cancellationToken) is { IsHeld: true } held ? held : await StepAsync(server, rate, cancellationToken);

    /// <summary>Doubles the rate until it is too high, then halves what lies between.</summary>
    private async Task<(Step? Most, Step? TooMuch)> SearchAsync(IChatServer server, CancellationToken cancellationToken)
    {
        Step? most = null, tooMuch = null;
        for (var rate = FirstRate; tooMuch is null; rate *= 2)
        {
            var step = await TryAsync(server, rate, cancellationToken);
            if (step.IsHeld) most = step;
            else tooMuch = step;
        }

        for (var refinement = 0; refinement < Refinements && most is not null; refinement++)
        {
            var step = await TryAsync(server, (most.Rate + tooMuch.Rate) / 2, cancellationToken);
            if (step.IsHeld) most = step;
            else tooMuch = step;
        }

        return (most, tooMuch);
    }

    private async Task<Step> StepAsync(IChatServer server, double rate, CancellationToken cancellationToken)
    {
        var messages = (int)Math.Max(1, rate * stepTime.TotalSeconds);
        var expected = messages * Shape.RoomSize;
        delays.Begin(expected);
        var (serverBefore, clientsBefore, begun) = (ProcessorTime(server), Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
        var sending = new Task[messages];
        for (var sent = 0; sent < messages; sent++)
        {
            var dueAt = begun + (long)(sent / rate * Stopwatch.Frequency);
            while (Stopwatch.GetTimestamp() < dueAt) await Task.Delay(1, cancellationToken);
            sending[sent] = server.SendAsync(sent % shape.Rooms, dueAt);
        }

        await Task.WhenAll(sending).WaitAsync(patience, cancellationToken);
        var last = Stopwatch.GetTimestamp();
        while (delays.Count < expected && Stopwatch.GetElapsedTime(last) < patience) await Task.Delay(5, cancellationToken);
        var took = Stopwatch.GetElapsedTime(begun);
        var (ofServer, ofClients) = (ProcessorTime(server) - serverBefore, Environment.CpuUsage.TotalTime - clientsBefore);
        if (delays.Count < expected) throw new InvalidOperationException($"The run is void: {expected - delays.Count} of {expected} deliveries of a step at {rate:0} messages a second were lost.");
        var (p50, p99) = delays.Quantiles();
        var step = new Step
        {
            Rate = rate,
            Deliveries = expected / took.TotalSeconds,
            P50 = p50,
            P99 = p99,
            ProcessorPerDelivery = ofServer.TotalMicroseconds / expected,
            ClientsPerDelivery = ofClients.TotalMicroseconds / expected,
            ServerLoad = ofServer / took,
            ClientLoad = ofClients / took,
            IsHeld = p99 <= limit.TotalMilliseconds,
        };
        await Console.Error.WriteLineAsync(
            $"{name}, {shape.Clients}: {rate:0.#} messages/s, p50 {p50:0.0} ms, p99 {p99:0.0} ms, server {step.ProcessorPerDelivery:0.0} µs a delivery ({step.ServerLoad:0%}), clients {step.ClientsPerDelivery:0.0} µs ({step.ClientLoad:0%})");
        return step;
    }

    private static TimeSpan ProcessorTime(IChatServer server)
    {
        using var running = Process.GetProcessById(server.ProcessId);
        return running.TotalProcessorTime;
    }

    private static double MemoryKibibytes(IChatServer server)
    {
        using var running = Process.GetProcessById(server.ProcessId);
        return running.WorkingSet64 / 1024.0;
    }
}
