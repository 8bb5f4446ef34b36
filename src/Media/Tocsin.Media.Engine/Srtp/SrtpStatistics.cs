namespace Tocsin.Media.Engine.Srtp;

/// <summary>How many packets were let pass, and how many were refused for what, since the keys were agreed on.</summary>
public struct SrtpStatistics : IEquatable<SrtpStatistics>
{
    public long Ok { get; private set; }

    public long Malformed { get; private set; }

    public long Forged { get; private set; }

    public long Replayed { get; private set; }

    public long TooOld { get; private set; }

    /// <summary>Refused for a reason that no well-meaning peer gives: unencrypted, too many sources, a key used up.</summary>
    public long Other { get; private set; }

    public static bool operator ==(SrtpStatistics left, SrtpStatistics right) => left.Equals(right);

    public static bool operator !=(SrtpStatistics left, SrtpStatistics right) => !left.Equals(right);

    public readonly bool Equals(SrtpStatistics other) =>
        (Ok, Malformed, Forged, Replayed, TooOld, Other) == (other.Ok, other.Malformed, other.Forged, other.Replayed, other.TooOld, other.Other);

    public override readonly bool Equals(object? obj) => obj is SrtpStatistics other && Equals(other);

    public override readonly int GetHashCode() => HashCode.Combine(Ok, Malformed, Forged, Replayed, TooOld, Other);

    internal SrtpResult Count(SrtpResult result)
    {
        switch (result)
        {
            case SrtpResult.Ok: Ok++; break;
            case SrtpResult.Malformed: Malformed++; break;
            case SrtpResult.Forged: Forged++; break;
            case SrtpResult.Replayed: Replayed++; break;
            case SrtpResult.TooOld: TooOld++; break;
            default: Other++; break;
        }
        return result;
    }
}
