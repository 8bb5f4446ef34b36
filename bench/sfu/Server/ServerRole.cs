using System.Net;
using System.Text.Json;
using Tocsin.Bench.Sfu.Load;
using Tocsin.Media.Engine;
using Tocsin.Media.Engine.Dtls;
using Tocsin.Media.Engine.Peers;
using Tocsin.Media.Forwarding;
using Tocsin.Media.Forwarding.Meetings;
using Tocsin.Media.Forwarding.Parameters;
using Tocsin.Media.Forwarding.Publishing;
using Tocsin.Media.Forwarding.Subscribing;
using Tocsin.Media.Host;
using Tocsin.Media.Host.Meetings;
using Tocsin.Media.Wire.Rtp;

namespace Tocsin.Bench.Sfu.Server;

/// <summary>The media of our server without the rest of it: a <see cref="MediaHost"/> whose signalling is lines of JSON, one <see cref="Answer"/> to each <see cref="Order"/>. Ends with its input.</summary>
internal sealed class ServerRole(TextReader orders, TextWriter answers) : IMeetingEvents, ITransportListener
{
    /// <summary>Fixed, so that no estimate of a path, and only the core, bounds what is sent; feedback is read and judged all the same.</summary>
    private static readonly BitRate PathRate = BitRate.FromMegabits(4_000);

    private static readonly MeetingOptions Options = new() { InitialBitRate = PathRate, LowestBitRate = PathRate, HighestBitRate = PathRate };
    private static readonly Dictionary<string, CodecParameter> NoParameters = [];

    private readonly MediaHost host = MediaHost.Start(
        DtlsCertificate.Create(TimeProvider.System.GetUtcNow()), IPAddress.Loopback, 0, tcpPort: null, fault => Console.Error.WriteLine(fault));

    private readonly List<HostedMeeting> meetings = [];
    private readonly List<Producer> producers = [];
    private readonly List<Consumer> consumers = [];
    private readonly List<HostedTransport> transports = [];

    public async Task RunAsync()
    {
        while (await orders.ReadLineAsync() is { } line)
        {
            var answer = await HandleAsync(JsonSerializer.Deserialize<Order>(line, JsonSerializerOptions.Web)!);
            await answers.WriteLineAsync(JsonSerializer.Serialize(answer, JsonSerializerOptions.Web));
            await answers.FlushAsync();
        }

        host.Dispose();
    }

    void IMeetingEvents.OnConsumerClosed(Instant now, Consumer consumer)
    {
    }

    void IMeetingEvents.OnLayersChanged(Instant now, Consumer consumer)
    {
    }

    void IMeetingEvents.OnDemandChanged(Instant now, Producer producer)
    {
    }

    void IMeetingEvents.OnActiveSpeakersChanged(Instant now, Meeting meeting)
    {
    }

    void ITransportListener.OnStateChanged(HostedTransport transport, PeerState state)
    {
        if (state is PeerState.Failed or PeerState.Disconnected)
            Console.Error.WriteLine($"a transport is {state}");
    }

    private Task<Answer> HandleAsync(Order order) => order.Op switch
    {
        "open" => Task.FromResult(Open(order.Count)),
        "publish" => meetings[order.Meeting].AskAsync(now => Publish(now, order)),
        "subscribe" => meetings[order.Meeting].AskAsync(now => Subscribe(now, order)),
        "statistics" => meetings[0].AskAsync(_ => new Answer(Statistics: Statistics())),
        "close" => CloseAsync(),
        "memory" => Task.FromResult(new Answer(Statistics: Memory())),
        // Not on the media thread, which has nothing to do meanwhile.
        "limit" => Task.Run(() => new Answer(Packets: LimitLoop.Run(order.Ports!, order.Length, order.Rate, TimeSpan.FromSeconds(order.Seconds)))),
        _ => throw new InvalidOperationException($"no order '{order.Op}'"),
    };

    private Answer Open(int count)
    {
        for (var number = 0; number < count; number++)
            meetings.Add(host.OpenMeeting(Options, this));
        return new Answer();
    }

    private async Task<Answer> CloseAsync()
    {
        foreach (var meeting in meetings)
        {
            meeting.Close();
            await meeting.AskAsync(_ => 0);
        }

        meetings.Clear();
        producers.Clear();
        consumers.Clear();
        transports.Clear();
        return new Answer();
    }

    private Dictionary<string, long> Memory()
    {
        for (var round = 0; round < 3; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        return new()
        {
            ["managed"] = GC.GetTotalMemory(forceFullCollection: true),
            ["resident"] = Environment.WorkingSet,
            ["native"] = NativeMemoryInUse.Bytes,
            ["left"] = host.Loops[0].PathCount + host.Loops[0].FragmentCount + host.Loops.Sum(loop => loop.PeerCount),
        };
    }

    private Answer Publish(Instant now, Order order)
    {
        var transport = Join(now, order);
        var (mimeType, clockRate, channels) = order.Kind == MediaKind.Audio ? ("audio/opus", 48_000, (int?)2) : ("video/VP8", 90_000, null);
        var parameters = new RtpParameters(
            "0",
            [new(mimeType, new Track(order.Kind, order.Ssrc).PayloadType, clockRate, channels, NoParameters, [])],
            [new(HeaderExtensionUri.TransportSequenceNumber, Track.TransportNumberId)],
            [new(order.Ssrc)],
            new("bench"));
        var source = order.Kind == MediaKind.Audio ? ProducerSource.Microphone : ProducerSource.Camera;
        Demand(transport.Transport.TryProduce(now, order.Kind, source, parameters, isPaused: false, out var producer));
        producers.Add(producer!);
        return Describe(transport) with { Producer = producers.Count - 1 };
    }

    private Answer Subscribe(Instant now, Order order)
    {
        var transport = Join(now, order);
        byte transportNumberId = 0;
        foreach (var producer in order.Producers!)
        {
            Demand(transport.Transport.TryConsume(now, producers[producer], Meeting.Capabilities, new ConsumerOptions(), out var consumer));
            consumers.Add(consumer!);
            transportNumberId = consumer!.Parameters.HeaderExtensions.First(extension => extension.Uri == HeaderExtensionUri.TransportSequenceNumber).Id;
        }

        return Describe(transport) with { TransportNumberId = transportNumberId };
    }

    private HostedTransport Join(Instant now, Order order)
    {
        var meeting = meetings[order.Meeting];
        Demand(meeting.Meeting.TryAddParticipant(out var participant));
        Demand(meeting.TryCreateTransport(now, participant!, this, out var transport));
        if (!DtlsFingerprint.TryParse(DtlsFingerprint.Algorithm, order.Fingerprint, out var fingerprint))
            throw new InvalidOperationException("no fingerprint");
        transport!.ExpectFingerprint(now, fingerprint!);
        transports.Add(transport);
        return transport;
    }

    private Answer Describe(HostedTransport transport) => new(
        UsernameFragment: transport.Credentials.UsernameFragment,
        Password: transport.Credentials.Password,
        Port: host.UdpEndPoint.Port,
        Fingerprint: host.Fingerprint.ToString());

    private Dictionary<string, long> Statistics() => new()
    {
        ["unclaimed"] = host.Loops.Sum(loop => loop.Unclaimed),
        ["forgedChecks"] = transports.Sum(transport => transport.Statistics.Checks.Dropped),
        ["unsent"] = host.Loops.Sum(loop => loop.Unsent),
        ["dropped"] = consumers.Sum(consumer => consumer.Statistics.Dropped),
        ["congestions"] = consumers.Sum(consumer => consumer.Statistics.Congestions),
        ["retransmissions"] = consumers.Sum(consumer => consumer.Statistics.Retransmissions),
        ["collections"] = GC.CollectionCount(0),
    };

    private static void Demand(Refusal refusal)
    {
        if (refusal != Refusal.None)
            throw new InvalidOperationException($"refused: {refusal}");
    }
}
