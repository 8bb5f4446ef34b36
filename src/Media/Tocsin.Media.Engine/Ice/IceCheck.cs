namespace Tocsin.Media.Engine.Ice;

/// <summary>What became of a STUN datagram.</summary>
public enum IceCheck
{
    /// <summary>Authentic and answered with success: the path is valid.</summary>
    Accepted,

    /// <summary>Authentic and answered with an error: it lacks what a check must have, claims our role, or demands what we do not understand.</summary>
    Refused,

    /// <summary>No STUN message, or one whose fingerprint is missing or wrong.</summary>
    Malformed,

    /// <summary>An indication or an answer: nothing that a lite agent waits for.</summary>
    Ignored,

    /// <summary>For a username fragment that is not this peer's, or no longer.</summary>
    UnknownUser,

    /// <summary>Without MESSAGE-INTEGRITY, or with a wrong one.</summary>
    Forged,
}

/// <summary>How many STUN datagrams came to what.</summary>
public struct IceStatistics : IEquatable<IceStatistics>
{
    public long Accepted { get; private set; }

    public long Refused { get; private set; }

    /// <summary>Malformed, unknown, forged or of no use: all that was dropped without an answer.</summary>
    public long Dropped { get; private set; }

    public static bool operator ==(IceStatistics left, IceStatistics right) => left.Equals(right);

    public static bool operator !=(IceStatistics left, IceStatistics right) => !left.Equals(right);

    public readonly bool Equals(IceStatistics other) => (Accepted, Refused, Dropped) == (other.Accepted, other.Refused, other.Dropped);

    public override readonly bool Equals(object? obj) => obj is IceStatistics other && Equals(other);

    public override readonly int GetHashCode() => HashCode.Combine(Accepted, Refused, Dropped);

    internal IceCheck Count(IceCheck check)
    {
        switch (check)
        {
            case IceCheck.Accepted: Accepted++; break;
            case IceCheck.Refused: Refused++; break;
            default: Dropped++; break;
        }
        return check;
    }
}
