using Tocsin.Media.Wire.Rtcp;

namespace Tocsin.Media.Engine.Congestion;

/// <summary>How much the path to one receiver carries, from its transport-wide feedback: the lower of what delays and what losses allow, raised by probes.</summary>
/// <remarks>draft-ietf-rmcat-gcc-02. One thread. Allocates only when it is made.</remarks>
public sealed class BandwidthEstimator
{
    /// <summary>Feedback that stays away so long, while packets are sent, is a path that broke or is flooded.</summary>
    private static readonly TimeSpan SilenceTime = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan SilenceStep = TimeSpan.FromMilliseconds(500);
    private const double SilenceDecrease = 0.8;
    private const double LossThatForbidsProbes = 0.05;

    /// <summary>Of what was estimated before a silence, what is tried after it: a path is seldom better for having been cut.</summary>
    private const double RegainedShare = 0.85;

    /// <summary>
    /// After so long without a packet what was heard last forbids no probe: where nothing is sent because too little is estimated, nothing else would ever tell that the path is free again.
    /// </summary>
    private static readonly TimeSpan ValidTime = TimeSpan.FromSeconds(5);

    /// <summary>Until it is measured.</summary>
    private static readonly TimeSpan AssumedRoundTrip = TimeSpan.FromMilliseconds(200);

    private readonly SentPacketHistory _history = new();
    private readonly PacketResult[] _results;
    private readonly BitRate _start;
    private PacketGroups _groups = new();
    private TrendlineDetector _detector = new();
    private DeliveredRate _delivered = new();
    private ProbeEvaluator _probes = new();
    private ProbePlanner _planner = new();
    private AdaptiveRate _delayLimited;
    private LossLimitedRate _lossLimited;
    private readonly BitRate _lowest;
    private readonly BitRate _highest;
    private Instant _firstUnheardAt;
    private Instant _unansweredSince;
    private Instant _sentAt;
    private bool _isUnheard;
    private bool _isSilent;
    private bool _wasAnswered;
    private BitRate _beforeSilence;
    private Instant _restartedAt = new(long.MinValue);

    /// <param name="start">Assumed until something is known.</param>
    /// <param name="lowest">Never less: audio must pass even where nothing seems to.</param>
    /// <param name="highest">Never more.</param>
    /// <param name="results">Room for what one feedback says, at least <see cref="SentPacketHistory.Length"/>, that estimators of one thread may share; null: its own.</param>
    public BandwidthEstimator(BitRate start, BitRate lowest, BitRate highest, PacketResult[]? results = null)
    {
        _results = results ?? new PacketResult[SentPacketHistory.Length];
        (_start, _lowest, _highest) = (start, lowest, highest);
        _delayLimited = new AdaptiveRate(start);
        _lossLimited = new LossLimitedRate(start);
        Estimate = start;
    }

    public BitRate Estimate { get; private set; }

    /// <summary>Of the last feedback: the shortest time between a packet's leaving and being heard of.</summary>
    public TimeSpan RoundTripTime { get; private set; } = AssumedRoundTrip;

    public PathUse Use => _detector.Use;

    /// <summary>0 to 1.</summary>
    public double Loss => _lossLimited.Loss;

    /// <summary>What arrives; null while that is not known.</summary>
    public BitRate? Delivered => _delivered.Rate;

    public long BytesInFlight => _history.BytesInFlight;

    /// <summary>What would be sent if the path carried everything: probes look for no more than that.</summary>
    public BitRate Wanted
    {
        get => _planner.Wanted;
        set => _planner.Wanted = value;
    }

    /// <summary>
    /// Whether a receiver that gave feedback gives none any more although packets are sent to it. A last packet that was lost is no sign of that, nor is a receiver that never gave any.
    /// </summary>
    public bool IsUnanswered => _isSilent && _wasAnswered && _sentAt - _unansweredSince >= SilenceStep;

    /// <summary>When to call <see cref="HandleTimeout"/>.</summary>
    public Instant NextWakeUp => _isUnheard ? _firstUnheardAt + SilenceTime : Instant.Never;

    /// <summary>When <see cref="TryPlanProbe"/> may say something new. Asking sooner does no harm.</summary>
    public Instant NextProbe => _planner.NextWakeUp;

    /// <summary>A packet leaves now.</summary>
    /// <param name="bytes">On the wire.</param>
    /// <param name="probeCluster">0 for a packet that is no probe.</param>
    /// <returns>The transport-wide sequence number to write into it.</returns>
    public ushort HandleSent(Instant now, int bytes, int probeCluster = 0)
    {
        _sentAt = now;
        if (!_isUnheard)
            (_firstUnheardAt, _unansweredSince, _isUnheard) = (now, now, true);
        return _history.HandleSent(now, bytes, probeCluster);
    }

    /// <inheritdoc cref="SentPacketHistory.Forget"/>
    public void HandleRepeated(ushort transportSequenceNumber) => _history.Forget(transportSequenceNumber);

    /// <summary>Feedback came from the receiver. Whatever it claims, the estimate stays between lowest and highest.</summary>
    public void HandleFeedback(Instant now, TransportWideFeedback feedback)
    {
        var results = _results.AsSpan(0, _history.HandleFeedback(feedback, _results));
        if (results.IsEmpty || results[^1].SentAt < _restartedAt)
            return;
        var wasSilent = _isSilent;
        (_firstUnheardAt, _unansweredSince, _isSilent, _wasAnswered) = (now, now, false, true);
        _isUnheard = _history.BytesInFlight > 0;
        var use = _detector.Use;
        var lost = 0;
        var shortest = TimeSpan.MaxValue;
        foreach (ref readonly var packet in results)
        {
            if (packet.SentAt < _restartedAt)
                continue;
            if (!packet.HasArrived)
            {
                lost++;
                continue;
            }

            shortest = now - packet.SentAt < shortest ? now - packet.SentAt : shortest;
            _delivered.Add(packet.Arrival, packet.Bytes);
            if (_groups.TryAdd(packet, out var spacing))
                use = _detector.Update(spacing) is var latest && use != PathUse.Over ? latest : use;
            if (_probes.TryAdd(packet, out var measured))
                HandleProbe(now, measured);
        }

        if (lost < results.Length)
            RoundTripTime = shortest;
        _delayLimited.Update(now, use, _delivered.Rate, RoundTripTime);
        _delayLimited.KeepWithin(_lowest, _highest);

        // What was lost while nothing came says nothing of how much the path carries now.
        if (wasSilent)
            _planner.Regain(now, _beforeSilence * RegainedShare);
        else
            _lossLimited.Update(now, results.Length, lost, RoundTripTime, _delayLimited.Rate);
        Decide();
    }

    /// <summary>Packets take another path from now on, of which nothing is known. Allocates.</summary>
    public void Restart(Instant now)
    {
        var wanted = Wanted;
        (_groups, _detector, _delivered, _probes, _planner) = (new(), new(), new(), new(), new() { Wanted = wanted });
        (_delayLimited, _lossLimited) = (new(_start), new(_start));
        (_restartedAt, _isUnheard, _isSilent, RoundTripTime) = (now, false, false, AssumedRoundTrip);
        Estimate = _start;
    }

    /// <summary>Time passed: where feedback stays away, less is sent.</summary>
    public void HandleTimeout(Instant now)
    {
        if (now < NextWakeUp)
            return;
        _firstUnheardAt = now - SilenceTime + SilenceStep;
        if (!_isSilent)
            _beforeSilence = Estimate;
        _isSilent = true;
        _delayLimited.Lower(Estimate * SilenceDecrease);
        Decide();
    }

    /// <summary>A probe to send now, paced at its own rate; each of its packets goes through <see cref="HandleSent"/> with its id.</summary>
    public bool TryPlanProbe(Instant now, out ProbeCluster cluster)
    {
        var isPathFree = now - _sentAt > ValidTime || (_detector.Use != PathUse.Over && _lossLimited.Loss < LossThatForbidsProbes && !_isSilent);
        if (!_planner.TryPlan(now, Estimate, isPathFree, out cluster))
            return false;
        _probes.Begin(cluster);
        return true;
    }

    private void HandleProbe(Instant now, BitRate measured)
    {
        _planner.HandleResult(now, measured);
        if (_detector.Use == PathUse.Over)
            return;
        _delayLimited.Raise(now, measured);
        _lossLimited.Raise(measured);
    }

    private void Decide()
    {
        var rate = _delayLimited.Rate < _lossLimited.Rate ? _delayLimited.Rate : _lossLimited.Rate;
        Estimate = rate < _lowest ? _lowest : rate > _highest ? _highest : rate;
    }
}
