namespace Tocsin.Bench.Sfu.Latency;

/// <summary>
/// How long packets take from when their publisher sends them until the system has them for a subscriber: all of it, and how much of it the server has added to what it takes without one.
/// </summary>
/// <remarks>All times are of this machine's one clock; those of arrival are the kernel's (SO_TIMESTAMPNS), so that how soon the generator reads does not count.</remarks>
internal sealed class DelayMeter
{
    /// <summary>Of each publisher: more than are ever under way.</summary>
    private const int Remembered = 1 << 14;

    private readonly Dictionary<int, Departure[]> departures = [];

    /// <summary>From the publisher's beginning with a frame.</summary>
    public Percentiles Whole { get; } = new();

    /// <summary>Of whole frames, without a server (<see cref="DirectPath"/>).</summary>
    public Percentiles Direct { get; } = new();

    /// <summary>What the server adds: from when the system had the direct datagram until it has the packet.</summary>
    public Percentiles Added { get; } = new();

    /// <summary>Nanoseconds of the clock that the kernel stamps with.</summary>
    public static long Now => (TimeProvider.System.GetUtcNow().Ticks - DateTimeOffset.UnixEpoch.Ticks) * TimeSpan.NanosecondsPerTick;

    public void NoteSent(int publisher, long number, long time)
    {
        if (!departures.TryGetValue(publisher, out var times))
            departures.Add(publisher, times = new Departure[Remembered]);
        times[number % Remembered] = new Departure(number, time, 0);
    }

    public void NoteDirect(int publisher, long firstNumber, int packets, long time)
    {
        var times = departures[publisher];
        for (var number = firstNumber; number < firstNumber + packets; number++)
        {
            ref var departure = ref times[number % Remembered];
            if (departure.Number == number)
                departure = departure with { Direct = time };
        }

        ref readonly var first = ref times[firstNumber % Remembered];
        if (first.Number == firstNumber)
            Direct.Add(time - first.Sent);
    }

    public void NoteArrived(int publisher, long number, long time)
    {
        ref readonly var departure = ref departures[publisher][number % Remembered];
        if (departure.Number != number)
            return;
        Whole.Add(time - departure.Sent);
        if (departure.Direct != 0)
            Added.Add(time - departure.Direct);
    }

    public void Clear()
    {
        Whole.Clear();
        Direct.Clear();
        Added.Clear();
    }

    /// <param name="Direct">When the system had the direct datagram of its frame; 0 until then.</param>
    private readonly record struct Departure(long Number, long Sent, long Direct);
}
