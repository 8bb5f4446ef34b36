using Tocsin.Media.Engine;
using Tocsin.Media.Host;

namespace Tocsin.Bench.Sfu.Load;

/// <summary>Connects the clients of a scenario to a server, raises the rate until its core is full or packets are lost, and verifies what arrives.</summary>
internal sealed class BenchRun(string sfuName, Scenario scenario, TimeSpan stepTime)
{
    private const double MostLost = 0.001;
    private const double FullCore = 0.95;

    /// <summary>Faster than that the generator cannot, or the machine has others to serve: then a step brings less than this more than the best before.</summary>
    private const double LeastGain = 1.02;

    private const double Growth = 1.6;
    private const int MostSteps = 16;
    private const double WarmUpRate = 4;

    /// <summary>The publishers must not wait until all the others have read.</summary>
    private const int SubscribersBetweenFrames = 8;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>After it nothing more will come. On a machine that is busy with others, a server may not get its turn for half a second.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1);

    /// <summary>Until the runtime has compiled all that is called often once more, which is no part of what a packet costs.</summary>
    private static readonly TimeSpan WarmUpTime = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan Idle = TimeSpan.FromMicroseconds(100);

    private readonly SharedBatches batches = new();
    private readonly List<Publisher> publishers = [];
    private readonly List<Subscriber> subscribers = [];

    /// <exception cref="InvalidOperationException">What arrived is not what was sent.</exception>
    /// <exception cref="TimeoutException">Clients did not connect, or get nothing.</exception>
    public async Task<Measured> MeasureAsync()
    {
        await using ISfu sfu = sfuName == "janus" ? await JanusSfu.StartAsync(scenario) : await TocsinSfu.StartAsync();
        try
        {
            await ConnectAsync(sfu);
            WarmUp();
            var steps = RaiseRate(sfu);
            var best = steps.Where(step => step.LostShare <= MostLost).MaxBy(step => step.PacketsPerSecond) ?? steps.MinBy(step => step.LostShare)!;
            var limit = sfu is TocsinSfu ours ? await LimitRun.MeasureAsync(ours, scenario, best.PacketsPerSecond, stepTime) : null;
            return Sum(steps, best, limit, await sfu.AskStatisticsAsync());
        }
        finally
        {
            foreach (var client in publishers.Concat<LoadClient>(subscribers))
                client.Dispose();
        }
    }

    private async Task ConnectAsync(ISfu sfu)
    {
        await sfu.OpenMeetingsAsync(scenario.Meetings);
        for (var meeting = 0; meeting < scenario.Meetings; meeting++)
        {
            var published = new List<Publication>();
            for (var number = 0; number < scenario.Publishers; number++)
            {
                var publisher = new Publisher(batches, scenario, meeting, number, publishers.Count);
                publishers.Add(publisher);
                published.Add(await sfu.PublishAsync(meeting, publisher.Track, publisher.End));
                publisher.Connect(published[^1].End);
            }

            RunUntil(() => publishers.TrueForAll(publisher => publisher.IsConnected), "publishers did not connect");
            for (var number = 0; number < scenario.Subscribers; number++)
            {
                var subscriber = new Subscriber(batches, scenario, meeting, number, 1_000 + subscribers.Count);
                subscribers.Add(subscriber);
                var wanted = published.Where((_, publisher) => scenario.IsFor(publisher, number)).ToList();
                subscriber.Subscribe(await sfu.SubscribeAsync(meeting, wanted, subscriber.End));
            }

            RunUntil(() => subscribers.TrueForAll(subscriber => subscriber.IsConnected), "subscribers did not connect");
        }
    }

    /// <summary>Until everybody receives everything, and the server has compiled what it does often.</summary>
    private void WarmUp()
    {
        SetRate(WarmUpRate * scenario.FirstRate);
        var expected = scenario.Publishers == scenario.Subscribers ? scenario.Publishers - 1 : scenario.Publishers;
        RunUntil(() => subscribers.TrueForAll(subscriber => subscriber.Publishers == expected), "not every subscriber receives every track");
        RunFor(WarmUpTime);
        SetRate(0);
        Drain();
    }

    private List<Step> RaiseRate(ISfu sfu)
    {
        var steps = new List<Step>();
        for (var rate = scenario.FirstRate; steps.Count < MostSteps; rate *= Growth)
        {
            var step = Measure(sfu, rate);
            var isSpent = steps.Count > 0 && step.Omitted > 0 && step.PacketsPerSecond < LeastGain * steps.Max(before => before.PacketsPerSecond);
            steps.Add(step);
            Console.WriteLine($"{sfuName} {scenario.Name}: {step.PacketsPerSecond:F0} packets/s, {step.NanosecondsPerPacket:F0} ns each, core {step.Load:P0}, lost {step.LostShare:P2}, not sent {step.Omitted:P0}");
            if (step.LostShare > MostLost || step.Load > FullCore || isSpent)
                break;
        }

        return steps;
    }

    private Step Measure(ISfu sfu, double rate)
    {
        var (sent, received, omitted, processor) = (Sent, Received, Omitted, ProcessorTime.SecondsOf(sfu.ProcessId));
        var begin = MediaClock.Now;
        SetRate(rate);
        RunFor(stepTime);
        SetRate(0);
        var seconds = (MediaClock.Now - begin).TotalSeconds;
        Drain();
        var frames = (Sent - sent) / scenario.PacketsPerFrame;
        var notSent = Omitted - omitted;
        return new Step(
            rate,
            (Sent - sent) * scenario.FanOut,
            Received - received,
            notSent / Math.Max(1.0, frames + notSent),
            seconds,
            ProcessorTime.SecondsOf(sfu.ProcessId) - processor);
    }

    private long Sent => publishers.Sum(publisher => publisher.Sent);

    private long Omitted => publishers.Sum(publisher => publisher.Omitted);

    private long Received => subscribers.Sum(subscriber => subscriber.Verified.Packets);

    private void SetRate(double rate)
    {
        var now = MediaClock.Now;
        foreach (var publisher in publishers)
            publisher.SetRate(now, rate);
    }

    private void RunFor(TimeSpan time)
    {
        var end = MediaClock.Now + time;
        while (MediaClock.Now < end)
            RunOnce();
    }

    private void RunUntil(Func<bool> holds, string otherwise)
    {
        var end = MediaClock.Now + Patience;
        while (!holds())
        {
            if (MediaClock.Now > end)
                throw new TimeoutException($"{sfuName} {scenario.Name}: {otherwise}");
            RunOnce();
        }
    }

    /// <summary>Until nothing more comes.</summary>
    private void Drain()
    {
        var (last, since) = (Received, MediaClock.Now);
        while (MediaClock.Now - since < Quiet)
        {
            RunOnce();
            if (Received == last)
                continue;
            (last, since) = (Received, MediaClock.Now);
        }
    }

    private void RunOnce()
    {
        var came = RunPublishers();
        for (var index = 0; index < subscribers.Count; index++)
        {
            came += subscribers[index].Run(MediaClock.Now);
            if (index % SubscribersBetweenFrames == SubscribersBetweenFrames - 1)
                RunPublishers();
        }

        if (came == 0)
            publishers[0].Wait(Idle);
    }

    private int RunPublishers()
    {
        var came = 0;
        foreach (var publisher in publishers)
            came += publisher.Run(MediaClock.Now);
        return came;
    }

    private Measured Sum(List<Step> steps, Step best, Step? limit, IReadOnlyDictionary<string, long> server)
    {
        var measured = new Measured(
            sfuName,
            scenario.Name,
            subscribers[0].Profile.ToString()!,
            best,
            steps,
            Received,
            subscribers.Sum(subscriber => subscriber.Verified.Altered),
            subscribers.Sum(subscriber => subscriber.Verified.Late),
            subscribers.Sum(subscriber => subscriber.Verified.Misnumbered),
            publishers.Concat<LoadClient>(subscribers).Sum(client => client.Refused),
            subscribers.Sum(subscriber => subscriber.Verified.Other),
            limit?.NanosecondsPerPacket,
            limit?.PacketsPerSecond,
            server);
        if (measured.Altered + measured.Misnumbered + measured.Refused > 0)
            throw new InvalidOperationException($"{sfuName} {scenario.Name}: {measured.Altered} packets altered, {measured.Misnumbered} misnumbered, {measured.Refused} not authentic or repeated");
        return measured;
    }
}
