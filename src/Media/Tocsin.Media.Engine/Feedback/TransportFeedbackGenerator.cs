using Tocsin.Media.Wire.Arithmetic;
using Tocsin.Media.Wire.Rtcp;

namespace Tocsin.Media.Engine.Feedback;

/// <summary>Tells the other side of a transport when each of its packets arrived, from which it estimates what the path carries.</summary>
/// <param name="senderSsrc">Ours.</param>
/// <remarks>draft-holmer-rmcat-transport-wide-cc-extensions-01. One thread. Allocates only when it is made.</remarks>
public sealed class TransportFeedbackGenerator(uint senderSsrc)
{
    /// <summary>Without feedback Chromium falls to 30 kbit/s within seconds; every 50 ms it climbs as fast as it can, for some 10 kbit/s of reports.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <summary>A power of two: half a second at 4,000 packets a second. What leaves it unreported is never reported, and counts as nothing to the sender.</summary>
    private const int WindowLength = 2048;

    private const long NotArrived = long.MinValue;
    private const long NanosecondsIn250us = 250_000;

    /// <summary>Entry n is of the packet whose number is n modulo the length; those from <see cref="_next"/> on, and some before it, are of the current round.</summary>
    private readonly long[] _arrivals = CreateWindow();

    /// <summary>Arrivals in order, while a report is written.</summary>
    private readonly PacketArrival[] _ordered = new PacketArrival[WindowLength];

    private SequenceUnroller _unroller;

    /// <summary>The first packet that the next report speaks of.</summary>
    private long _next;

    private Instant _reportedAt;
    private bool _hasReported;
    private bool _hasNews;
    private uint _mediaSsrc;
    private byte _feedbackNumber;

    /// <summary>When <see cref="TryWrite"/> has something to say.</summary>
    public Instant NextWakeUp => !_hasNews ? Instant.Never : _hasReported ? _reportedAt + Interval : new Instant(long.MinValue);

    /// <summary>A packet with a transport-wide sequence number arrived, of whatever stream.</summary>
    /// <param name="mediaSsrc">Of its stream: reports name one.</param>
    public void HandlePacket(Instant now, ushort transportSequenceNumber, uint mediaSsrc)
    {
        var isFirst = !_unroller.HasStarted;
        var before = _unroller.Highest;
        var number = _unroller.Unroll(transportSequenceNumber);
        if (isFirst)
            (_next, before) = (number, number - 1);
        // A leap further than the window leaves nothing of it.
        for (var missing = Math.Max(before + 1, number - WindowLength + 1); missing <= number; missing++)
            _arrivals[missing & (WindowLength - 1)] = NotArrived;
        _next = Math.Max(_next, _unroller.Highest - WindowLength + 1);
        if (number <= _unroller.Highest - WindowLength)
            return;
        ref var arrival = ref _arrivals[number & (WindowLength - 1)];
        if (arrival != NotArrived)
            return;
        arrival = now.Nanoseconds / NanosecondsIn250us;
        // It was reported missing: the report begins with it again, and repeats what came after it.
        _next = Math.Min(_next, number);
        _mediaSsrc = mediaSsrc;
        _hasNews = true;
    }

    /// <summary>Appends one report where one is due. Call again while it says true: what does not fit one datagram goes into the next.</summary>
    public bool TryWrite(Instant now, ref RtcpWriter writer)
    {
        if (now < NextWakeUp)
            return false;
        var count = OrderArrivals();
        var report = new TransportWideReport(senderSsrc, _mediaSsrc, _feedbackNumber, _next);
        if (!writer.TryAddTransportWideFeedback(report, _ordered.AsSpan(0, count), out var consumed))
            return false;
        _feedbackNumber++;
        _next = _ordered[consumed - 1].SequenceNumber + 1;
        if (consumed < count)
            return true;
        _hasNews = false;
        _hasReported = true;
        _reportedAt = now;
        return true;
    }

    private int OrderArrivals()
    {
        var count = 0;
        for (var number = _next; number <= _unroller.Highest; number++)
        {
            var arrival = _arrivals[number & (WindowLength - 1)];
            if (arrival != NotArrived)
                _ordered[count++] = new PacketArrival(number, arrival);
        }

        return count;
    }

    private static long[] CreateWindow()
    {
        var window = new long[WindowLength];
        Array.Fill(window, NotArrived);
        return window;
    }
}
