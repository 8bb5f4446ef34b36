using Tocsin.Bench.Sfu.Latency;
using Tocsin.Media.Engine;
using Tocsin.Media.Host;

namespace Tocsin.Bench.Sfu.Load;

/// <summary>The clients of a scenario on one thread: connects them to a server, has them send at whatever rate it is told, and verifies what arrives.</summary>
/// <param name="sfuName">For messages.</param>
/// <param name="delays">Hears when packets leave and arrive; null: nobody asks.</param>
internal sealed class LoadGenerator(string sfuName, Scenario scenario, DelayMeter? delays = null) : IDisposable
{
    private const double WarmUpRate = 4;

    /// <summary>The publishers must not wait until all the others have read.</summary>
    private const int SubscribersBetweenFrames = 8;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>After it nothing more will come. On a machine that is busy with others, a server may not get its turn for half a second.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1);

    /// <summary>Until the runtime has compiled all that is called often once more, which is no part of what a packet costs.</summary>
    private static readonly TimeSpan WarmUpTime = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan Idle = TimeSpan.FromMicroseconds(100);

    private readonly SharedBatches batches = new(delays);
    private readonly List<Publisher> publishers = [];
    private readonly List<Subscriber> subscribers = [];

    public IReadOnlyList<Publisher> Publishers => publishers;

    public IReadOnlyList<Subscriber> Subscribers => subscribers;

    public long Sent => publishers.Sum(publisher => publisher.Sent);

    public long Omitted => publishers.Sum(publisher => publisher.Omitted);

    public long Received => subscribers.Sum(subscriber => subscriber.Verified.Packets);

    /// <exception cref="TimeoutException">Not everybody connected.</exception>
    public async Task ConnectAsync(ISfu sfu)
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

    /// <summary>Sends until everybody receives everything.</summary>
    public void RunUntilAllReceive()
    {
        SetRate(WarmUpRate * scenario.FirstRate);
        var expected = scenario.Publishers == scenario.Subscribers ? scenario.Publishers - 1 : scenario.Publishers;
        RunUntil(() => subscribers.TrueForAll(subscriber => subscriber.Publishers == expected), "not every subscriber receives every track");
    }

    /// <summary>Until everybody receives everything, and the server has compiled what it does often.</summary>
    public void WarmUp()
    {
        RunUntilAllReceive();
        RunFor(WarmUpTime);
        SetRate(0);
        Drain();
    }

    public void SetRate(double rate)
    {
        var now = MediaClock.Now;
        foreach (var publisher in publishers)
            publisher.SetRate(now, rate);
    }

    public void RunFor(TimeSpan time)
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
    public void Drain()
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
        // Before what the server makes of it arrives.
        batches.Direct?.Run();
        return came;
    }

    /// <summary>Runs a step at that rate, and waits for what is still under way.</summary>
    public Step Measure(ISfu sfu, double rate, TimeSpan time)
    {
        var (sent, received, omitted, processor) = (Sent, Received, Omitted, ProcessorTime.SecondsOf(sfu.ProcessId));
        var begin = MediaClock.Now;
        SetRate(rate);
        RunFor(time);
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

    /// <summary>What they found in all that they received.</summary>
    /// <exception cref="InvalidOperationException">What arrived is not what was sent.</exception>
    public Verified Verify()
    {
        var sum = default(Verified);
        foreach (var subscriber in subscribers)
        {
            ref readonly var one = ref subscriber.Verified;
            (sum.Packets, sum.Altered, sum.Late) = (sum.Packets + one.Packets, sum.Altered + one.Altered, sum.Late + one.Late);
            (sum.Misnumbered, sum.Other) = (sum.Misnumbered + one.Misnumbered, sum.Other + one.Other);
        }

        var refused = publishers.Concat<LoadClient>(subscribers).Sum(client => client.Refused);
        if (sum.Altered + sum.Misnumbered + refused > 0)
            throw new InvalidOperationException($"{sfuName} {scenario.Name}: {sum.Altered} packets altered, {sum.Misnumbered} misnumbered, {refused} not authentic or repeated");
        return sum;
    }

    public void Dispose()
    {
        foreach (var client in publishers.Concat<LoadClient>(subscribers))
            client.Dispose();
        batches.Dispose();
    }
}
