using System.Runtime.InteropServices;
using Tocsin.Media.Wire.Arithmetic;

namespace Tocsin.Media.Engine.Feedback;

/// <summary>Notices which packets of one received stream are missing, and says when to ask for them (generic NACK, RFC 4585 section 6.2.1).</summary>
/// <remarks>
/// One thread. Allocates only when it is made. A packet is asked for when it is late by 20 ms or 2 packets, whichever is more: earlier, most of what is missing is only
/// out of order. It is asked for again each round trip, and given up after ten times or a second: then it comes too late to be shown, and video needs a key frame.
/// </remarks>
public sealed class NackGenerator
{
    /// <summary>Out of order by more than this is rare in networks in use; a request costs the publisher a packet.</summary>
    public static readonly TimeSpan ReorderingTime = TimeSpan.FromMilliseconds(20);

    /// <summary>As <see cref="ReorderingTime"/>, for streams of few packets.</summary>
    public const int ReorderingPackets = 2;

    /// <summary>A stream that falls silent right after a loss sends nothing that would make the missing packet late by two: then time alone decides.</summary>
    public static readonly TimeSpan SilenceTime = TimeSpan.FromMilliseconds(100);

    public static readonly TimeSpan GiveUpAge = TimeSpan.FromSeconds(1);
    public const int MaximumRequests = 10;

    /// <summary>A gap of more is no loss but an outage: a key frame is sooner there than hundreds of packets.</summary>
    public const int MaximumGap = 256;

    /// <summary>The shortest time between two requests, for round trips that are not known or tiny.</summary>
    private static readonly TimeSpan ShortestRetry = TimeSpan.FromMilliseconds(10);

    /// <summary>A power of two above <see cref="MaximumGap"/>: packets between the newest and this many before it may be missing.</summary>
    private const int WindowLength = 512;

    /// <summary>Entry n is of the packet whose number is n modulo the length; those that are missing are within the window.</summary>
    private readonly MissingPacket[] _window = new MissingPacket[WindowLength];

    private SequenceUnroller _unroller;

    /// <summary>No missing packet is before this one.</summary>
    private long _oldest;

    private int _missing;
    private bool _needsKeyFrame;

    private readonly TimeSpan _giveUpAge = GiveUpAge;
    private readonly TimeSpan _reorderingTime = ReorderingTime;
    private readonly int _reorderingPackets = ReorderingPackets;

    public NackGenerator()
    {
    }

    private NackGenerator(TimeSpan giveUpAge, TimeSpan reorderingTime, int reorderingPackets) =>
        (_giveUpAge, _reorderingTime, _reorderingPackets) = (giveUpAge, reorderingTime, reorderingPackets);

    /// <summary>
    /// Of a voice, whose receivers wait for what is late a tenth of a second or two: a packet is asked for as soon as the next has come, and given up after 400 ms. What was only out of
    /// order comes twice then, and is small.
    /// </summary>
    public static NackGenerator ForVoice() => new(TimeSpan.FromMilliseconds(400), TimeSpan.FromMilliseconds(5), reorderingPackets: 1);

    /// <summary>Packets that are waited for.</summary>
    public int MissingCount => _missing;

    public long RequestCount { get; private set; }

    /// <summary>Packets that arrived after they were asked for.</summary>
    public long RecoveredCount { get; private set; }

    public long GivenUpCount { get; private set; }

    /// <summary>When <see cref="CollectDue"/> may have something to say; too early at times, never too late.</summary>
    public Instant NextWakeUp { get; private set; } = Instant.Never;

    /// <summary>A packet of the stream arrived, by itself or as a retransmission.</summary>
    public void HandlePacket(Instant now, ushort sequenceNumber)
    {
        if (!_unroller.HasStarted)
        {
            _oldest = _unroller.Unroll(sequenceNumber) + 1;
            return;
        }

        var previous = _unroller.Highest;
        var number = _unroller.Peek(sequenceNumber);
        if (number <= previous)
        {
            HandleLate(number);
            return;
        }

        _unroller.Unroll(sequenceNumber);
        if (number - previous - 1 > MaximumGap)
        {
            GiveUpAll(number, number - previous - 1);
            return;
        }

        ForgetBefore(number - WindowLength + 1);
        for (var missing = previous + 1; missing < number; missing++)
            _window[missing & (WindowLength - 1)] = new MissingPacket { IsMissing = true, NoticedAt = now };
        _window[number & (WindowLength - 1)] = default;
        _missing += (int)(number - previous - 1);
        if (_missing > 0)
            NextWakeUp = Instant.Earlier(NextWakeUp, now + _reorderingTime);
        // The one before the last has just become late by two.
        ref readonly var late = ref _window[(previous - 1) & (WindowLength - 1)];
        if (late.IsMissing && late.Requests == 0)
            NextWakeUp = Instant.Earlier(NextWakeUp, late.NoticedAt + _reorderingTime);
    }

    /// <summary>The packets to ask for now; each counts as asked for.</summary>
    /// <param name="roundTripTime">To the sender; zero where it is not known.</param>
    /// <param name="lost">Filled in ascending order, as <c>RtcpWriter.TryAddNack</c> wants them. What finds no room is due again at once.</param>
    public int CollectDue(Instant now, TimeSpan roundTripTime, Span<ushort> lost)
    {
        NextWakeUp = Instant.Never;
        var count = 0;
        var left = _missing;
        for (var number = _oldest; left > 0; number++)
        {
            ref var packet = ref _window[number & (WindowLength - 1)];
            if (!packet.IsMissing)
                continue;
            left--;
            if (packet.Requests >= MaximumRequests || now - packet.NoticedAt >= _giveUpAge)
            {
                GiveUp(ref packet);
                continue;
            }

            var due = DueTime(packet, number, roundTripTime);
            if (due <= now && count < lost.Length)
            {
                lost[count++] = (ushort)number;
                packet.Requests++;
                packet.AskedAt = now;
                RequestCount++;
                due = DueTime(packet, number, roundTripTime);
            }

            NextWakeUp = Instant.Earlier(NextWakeUp, Instant.Earlier(due, packet.NoticedAt + _giveUpAge));
        }

        while (_missing > 0 && !_window[_oldest & (WindowLength - 1)].IsMissing)
            _oldest++;
        return count;
    }

    /// <summary>Whether something was given up since the last call, which only a key frame mends.</summary>
    public bool TakeKeyFrameNeed()
    {
        var needed = _needsKeyFrame;
        _needsKeyFrame = false;
        return needed;
    }

    private Instant DueTime(in MissingPacket packet, long number, TimeSpan roundTripTime)
    {
        if (packet.Requests > 0)
            return packet.AskedAt + (roundTripTime > ShortestRetry ? roundTripTime : ShortestRetry);
        return packet.NoticedAt + (_unroller.Highest - number >= _reorderingPackets ? _reorderingTime : SilenceTime);
    }

    private void HandleLate(long number)
    {
        if (number < _oldest || number <= _unroller.Highest - WindowLength)
            return;
        ref var packet = ref _window[number & (WindowLength - 1)];
        if (!packet.IsMissing)
            return;
        if (packet.Requests > 0)
            RecoveredCount++;
        packet = default;
        _missing--;
    }

    /// <summary>What leaves the window is given up.</summary>
    private void ForgetBefore(long number)
    {
        for (; _oldest < number && _missing > 0; _oldest++)
        {
            ref var packet = ref _window[_oldest & (WindowLength - 1)];
            if (packet.IsMissing)
                GiveUp(ref packet);
        }

        if (_missing == 0)
            _oldest = Math.Max(_oldest, _unroller.Highest - MaximumGap);
    }

    private void GiveUp(ref MissingPacket packet)
    {
        packet = default;
        _missing--;
        GivenUpCount++;
        _needsKeyFrame = true;
    }

    private void GiveUpAll(long newest, long gap)
    {
        Array.Clear(_window);
        GivenUpCount += _missing + gap;
        _missing = 0;
        _oldest = newest + 1;
        _needsKeyFrame = true;
        NextWakeUp = Instant.Never;
    }

    [StructLayout(LayoutKind.Auto)]
    private struct MissingPacket
    {
        public bool IsMissing;
        public byte Requests;
        public Instant NoticedAt;
        public Instant AskedAt;
    }
}
