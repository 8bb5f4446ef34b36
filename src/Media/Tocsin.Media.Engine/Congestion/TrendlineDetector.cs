namespace Tocsin.Media.Engine.Congestion;

/// <summary>What queues on the path do.</summary>
public enum PathUse
{
    Normal,

    /// <summary>Queues grow: more is sent than the path carries.</summary>
    Over,

    /// <summary>Queues shrink: let them.</summary>
    Under,
}

/// <summary>Tells from how packet groups are spaced whether a queue grows: the slope of the delay over the last groups against a threshold that adapts.</summary>
/// <remarks>
/// draft-ietf-rmcat-gcc-02 sections 5.3 and 5.4; a line fitted through smoothed delays in place of the draft's Kalman filter, as browsers do. Gains and limits are
/// theirs: other values have been tried at length by others, and what competes with us on the path uses these. One thread. Does not allocate.
/// </remarks>
internal sealed class TrendlineDetector
{
    private const int WindowLength = 20;
    private const double Smoothing = 0.9;
    private const double SlopeGain = 4.0;

    /// <summary>The slope counts more the more groups were seen, up to so many.</summary>
    private const int MaximumWeight = 60;

    private const double InitialThreshold = 12.5;
    private const double SmallestThreshold = 6;
    private const double LargestThreshold = 600;

    /// <remarks>Section 5.4: k_u and k_d, a millisecond. The threshold follows slowly upwards, so that a queue is noticed, and quickly enough not to be starved by TCP.</remarks>
    private const double ThresholdUp = 0.0087;

    private const double ThresholdDown = 0.039;

    /// <summary>A spike beyond the threshold by more than this is an outage, and teaches nothing.</summary>
    private const double LargestLesson = 15;

    /// <remarks>Section 5.4: so long it must last before it counts.</remarks>
    private const double OveruseMilliseconds = 10;

    private readonly double[] _times = new double[WindowLength];
    private readonly double[] _delays = new double[WindowLength];
    private int _count;
    private long _groups;
    private Instant _firstArrival;
    private Instant _thresholdAt;
    private double _accumulated;
    private double _smoothed;
    private double _threshold = InitialThreshold;
    private double _slope;
    private double _previousSlope;
    private double _overuseFor;
    private int _overuses;
    private bool _isOver;

    public PathUse Use { get; private set; }

    public PathUse Update(in GroupSpacing spacing)
    {
        if (_groups == 0)
            (_firstArrival, _thresholdAt) = (spacing.ArrivedAt, spacing.ArrivedAt);
        _groups++;
        _accumulated += spacing.DelayVariation.TotalMilliseconds;
        _smoothed = (Smoothing * _smoothed) + ((1 - Smoothing) * _accumulated);
        var slot = (int)(_groups % WindowLength);
        _times[slot] = (spacing.ArrivedAt - _firstArrival).TotalMilliseconds;
        _delays[slot] = _smoothed;
        _count = Math.Min(_count + 1, WindowLength);
        if (_count == WindowLength)
            _slope = FitSlope();
        Detect(spacing);
        return Use;
    }

    private void Detect(in GroupSpacing spacing)
    {
        var trend = Math.Min(_groups, MaximumWeight) * _slope * SlopeGain;
        if (trend > _threshold)
        {
            var departure = spacing.Departure.TotalMilliseconds;
            _overuseFor += _isOver ? departure : departure / 2;
            _isOver = true;
            _overuses++;
            if (_overuseFor > OveruseMilliseconds && _overuses > 1 && _slope >= _previousSlope)
            {
                (_overuseFor, _overuses) = (0, 0);
                Use = PathUse.Over;
            }
        }
        else
        {
            (_isOver, _overuseFor, _overuses) = (false, 0, 0);
            Use = trend < -_threshold ? PathUse.Under : PathUse.Normal;
        }

        _previousSlope = _slope;
        AdaptThreshold(Math.Abs(trend), spacing.ArrivedAt);
    }

    private void AdaptThreshold(double trend, Instant now)
    {
        var elapsed = Math.Min((now - _thresholdAt).TotalMilliseconds, 100);
        _thresholdAt = now;
        if (trend > _threshold + LargestLesson)
            return;
        var gain = trend < _threshold ? ThresholdDown : ThresholdUp;
        _threshold = Math.Clamp(_threshold + (gain * (trend - _threshold) * elapsed), SmallestThreshold, LargestThreshold);
    }

    /// <summary>Least squares, in milliseconds of delay a millisecond.</summary>
    private double FitSlope()
    {
        double sumTime = 0, sumDelay = 0;
        for (var index = 0; index < WindowLength; index++)
        {
            sumTime += _times[index];
            sumDelay += _delays[index];
        }

        var (meanTime, meanDelay) = (sumTime / WindowLength, sumDelay / WindowLength);
        double numerator = 0, denominator = 0;
        for (var index = 0; index < WindowLength; index++)
        {
            var time = _times[index] - meanTime;
            numerator += time * (_delays[index] - meanDelay);
            denominator += time * time;
        }

        return denominator == 0 ? _slope : numerator / denominator;
    }
}
