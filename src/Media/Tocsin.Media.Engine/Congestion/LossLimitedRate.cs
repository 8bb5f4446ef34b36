namespace Tocsin.Media.Engine.Congestion;

/// <summary>The rate that losses allow, for paths whose queues are too short to show in delays.</summary>
/// <remarks>
/// draft-ietf-rmcat-gcc-02 section 6: below 2 % up by 5 %, from 2 to 10 % unchanged (radio loses that much by itself), above down by half of the loss.
/// One thread. Does not allocate.
/// </remarks>
internal sealed class LossLimitedRate(BitRate start)
{
    private const double Little = 0.02;
    private const double Much = 0.10;
    private const double Increase = 1.05;

    /// <summary>Fewer packets say nothing of a share of a hundredth.</summary>
    private const int FewestPackets = 50;

    /// <summary>A verdict is given so often: the rate between must have had time to show.</summary>
    private static readonly TimeSpan ShortestPeriod = TimeSpan.FromMilliseconds(200);

    /// <summary>With few packets no verdict waits longer than this.</summary>
    private static readonly TimeSpan LongestPeriod = TimeSpan.FromSeconds(1);

    private int _packets;
    private int _lost;
    private Instant _since;
    private bool _hasStarted;

    public BitRate Rate { get; private set; } = start;

    /// <summary>Of the last period, 0 to 1.</summary>
    public double Loss { get; private set; }

    /// <param name="ceiling">What delays allow: this rate never runs ahead of it, so that it bites at once when losses begin.</param>
    public void Update(Instant now, int packets, int lost, TimeSpan roundTripTime, BitRate ceiling)
    {
        if (!_hasStarted)
            (_since, _hasStarted) = (now, true);
        _packets += packets;
        _lost += lost;
        var period = now - _since;
        if (period >= ShortestPeriod + roundTripTime && (_packets >= FewestPackets || (period >= LongestPeriod && _packets > 0)))
            Judge(now);
        if (Rate > ceiling)
            Rate = ceiling;
    }

    /// <summary>A probe arrived at that rate.</summary>
    public void Raise(BitRate measured) => Rate = measured > Rate ? measured : Rate;

    private void Judge(Instant now)
    {
        Loss = (double)_lost / _packets;
        if (Loss > Much)
            Rate *= 1 - (0.5 * Loss);
        else if (Loss < Little)
            Rate *= Increase;
        (_packets, _lost, _since) = (0, 0, now);
    }
}
