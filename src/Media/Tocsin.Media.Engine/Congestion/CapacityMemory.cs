namespace Tocsin.Media.Engine.Congestion;

/// <summary>What arrived when the path was full, as a mean and how far it strays: near it, only small steps are taken.</summary>
/// <remarks>draft-ietf-rmcat-gcc-02 section 5.5, "close to convergence": within three standard deviations of the average at earlier decreases.</remarks>
internal sealed class CapacityMemory
{
    private const double Learning = 0.05;
    private const double SmallestVariance = 0.4;
    private const double LargestVariance = 2.5;
    private double _meanKilobits;
    private double _variance = SmallestVariance;

    public bool IsKnown { get; private set; }

    private double Deviation => Math.Sqrt(_variance * _meanKilobits);

    public void Learn(BitRate delivered)
    {
        var sample = delivered.BitsPerSecond / 1000.0;
        // The path has become another one: begin anew.
        if (IsKnown && sample < _meanKilobits - (3 * Deviation))
            IsKnown = false;
        if (!IsKnown)
            (_meanKilobits, _variance) = (sample, SmallestVariance);
        _meanKilobits += Learning * (sample - _meanKilobits);
        var error = _meanKilobits - sample;
        _variance = Math.Clamp(((1 - Learning) * _variance) + (Learning * error * error / Math.Max(1, _meanKilobits)), SmallestVariance, LargestVariance);
        IsKnown = true;
    }

    public void ForgetIfExceeded(BitRate delivered)
    {
        if (IsKnown && delivered.BitsPerSecond / 1000.0 > _meanKilobits + (3 * Deviation))
            IsKnown = false;
    }
}
