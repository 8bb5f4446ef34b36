using Tocsin.Bench.Sfu.Load;
using Tocsin.Media.Engine;
using Tocsin.Media.Host;

namespace Tocsin.Bench.Sfu.Join;

/// <summary>Several people who join one meeting at the same moment.</summary>
/// <param name="Connected">Milliseconds from the first check of each to its keys, in ascending order.</param>
/// <param name="Heard">To the first packet of every voice, authenticated and compared with what was sent; in ascending order.</param>
/// <param name="SignallingSeconds">Processor time of the server until all had been told where to go.</param>
/// <param name="ConnectingSeconds">From then until everybody heard everybody, the voices included.</param>
internal sealed record JoinRound(double[] Connected, double[] Heard, double SignallingSeconds, double ConnectingSeconds, long Verified);

/// <param name="Rounds">Each is the second meeting of a server: in the first the runtime compiles and caches fill.</param>
internal sealed record JoinMeasured(string Sfu, int Joins, IReadOnlyList<JoinRound> Rounds);

/// <summary>Meetings in which two speak, and which everybody else joins at once: real checks, handshakes and keys, until each has heard both voices.</summary>
internal sealed class JoinRun(string sfuName, int joins, int rounds)
{
    private const int Speakers = 2;

    /// <summary>A packet each 20 ms, so that hearing is at most so much later than being connected.</summary>
    private const double VoiceRate = 50;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Afterwards = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Idle = TimeSpan.FromMicroseconds(100);

    private readonly Scenario scenario = Scenario.OfJoining(Speakers, joins);

    /// <exception cref="TimeoutException">Somebody did not connect, or hears nothing.</exception>
    /// <exception cref="InvalidOperationException">What arrived is not what was sent.</exception>
    public async Task<JoinMeasured> MeasureAsync()
    {
        var measured = new List<JoinRound>();
        for (var round = 0; round < rounds; round++)
        {
            measured.Add(await MeasureRoundAsync());
            Console.WriteLine($"{sfuName}: {joins} connected after {measured[^1].Connected[^1]:F0} ms, all hear after {measured[^1].Heard[^1]:F0} ms");
        }

        return new(sfuName, joins, measured);
    }

    /// <summary>A server of its own for each: people of an earlier meeting, who answer no longer, would keep it busy.</summary>
    private async Task<JoinRound> MeasureRoundAsync()
    {
        var sfu = await Sfus.StartAsync(sfuName, scenario);
        await sfu.OpenMeetingsAsync(2);
        using var before = new People(new SharedBatches(delays: null), scenario, meeting: 0);
        using var people = new People(new SharedBatches(delays: null), scenario, meeting: 1);
        // It ends before they do: no port to which it still sends is another client's meanwhile.
        await using (sfu)
        {
            await RunMeetingAsync(sfu, before, 0);
            return await RunMeetingAsync(sfu, people, 1);
        }
    }

    private static async Task<JoinRound> RunMeetingAsync(ISfu sfu, People people, int meeting)
    {
        var published = new List<Publication>();
        foreach (var speaker in people.Speakers)
        {
            published.Add(await sfu.PublishAsync(meeting, speaker.Track, speaker.End));
            speaker.Connect(published[^1].End);
        }

        people.RunUntil(() => people.Speakers.All(speaker => speaker.IsConnected), Patience);
        foreach (var speaker in people.Speakers)
            speaker.SetRate(MediaClock.Now, VoiceRate);
        // Janus knows a track some time after its publisher has keys.
        people.RunFor(Afterwards);
        var before = ProcessorTime.SecondsOf(sfu.ProcessId);
        var ends = new List<ServerEnd>();
        foreach (var listener in people.Listeners)
        {
            ends.Add(await sfu.SubscribeAsync(meeting, published, listener.End));
            people.RunSpeakers();
        }

        var told = ProcessorTime.SecondsOf(sfu.ProcessId);
        people.Begin(ends);
        people.RunUntil(() => people.AllHear, Patience);
        var heard = ProcessorTime.SecondsOf(sfu.ProcessId);
        people.RunFor(Afterwards);
        return new(people.Connected, people.Heard, told - before, heard - told, people.Verify());
    }

    /// <summary>One meeting's, on one thread.</summary>
    private sealed class People(SharedBatches batches, Scenario scenario, int meeting) : IDisposable
    {
        private readonly double[] connected = new double[scenario.Subscribers];
        private readonly double[] heard = new double[scenario.Subscribers];
        private Instant begin;

        public Publisher[] Speakers { get; } =
            [.. Enumerable.Range(0, scenario.Publishers).Select(number => new Publisher(batches, scenario, meeting, number, (meeting * 10_000) + number))];

        public Subscriber[] Listeners { get; } =
            [.. Enumerable.Range(0, scenario.Subscribers).Select(number => new Subscriber(batches, scenario, meeting, number, (meeting * 10_000) + 1_000 + number))];

        public bool AllHear => Array.TrueForAll(heard, milliseconds => milliseconds > 0);

        public double[] Connected => [.. connected.Order()];

        public double[] Heard => [.. heard.Order()];

        public void Begin(List<ServerEnd> ends)
        {
            begin = MediaClock.Now;
            foreach (var (index, listener) in Listeners.Index())
                listener.Subscribe(ends[index]);
        }

        public void RunUntil(Func<bool> holds, TimeSpan patience)
        {
            var end = MediaClock.Now + patience;
            while (!holds())
            {
                if (MediaClock.Now > end)
                    throw new TimeoutException($"{connected.Count(milliseconds => milliseconds == 0)} are not connected, {heard.Count(milliseconds => milliseconds == 0)} do not hear everybody");
                RunOnce();
            }
        }

        public void RunFor(TimeSpan time)
        {
            var end = MediaClock.Now + time;
            while (MediaClock.Now < end)
                RunOnce();
        }

        public int RunSpeakers() => Speakers.Sum(speaker => speaker.Run(MediaClock.Now));

        /// <returns>Packets compared.</returns>
        public long Verify()
        {
            foreach (var listener in Listeners)
            {
                ref readonly var verified = ref listener.Verified;
                if (verified.Packets == 0 || verified.Altered + verified.Misnumbered + listener.Refused > 0)
                    throw new InvalidOperationException($"{verified.Packets} packets verified, {verified.Altered} altered, {verified.Misnumbered} misnumbered, {listener.Refused} not authentic or repeated");
            }

            return Listeners.Sum(listener => listener.Verified.Packets);
        }

        public void Dispose()
        {
            foreach (var client in Speakers.Concat<LoadClient>(Listeners))
                client.Dispose();
        }

        private void RunOnce()
        {
            var came = RunSpeakers();
            for (var index = 0; index < Listeners.Length; index++)
            {
                came += Listeners[index].Run(MediaClock.Now);
                Note(connected, index, Listeners[index].IsConnected);
                Note(heard, index, Listeners[index].Publishers == scenario.Publishers);
            }

            if (came == 0)
                Speakers[0].Wait(Idle);
        }

        private void Note(double[] times, int index, bool isReached)
        {
            if (isReached && times[index] == 0)
                times[index] = (MediaClock.Now - begin).TotalMilliseconds;
        }
    }
}
