namespace Tocsin.Testing.Networks;

/// <summary>What one direction of a line does to packets.</summary>
/// <param name="BitsPerSecond">Of IP packets; null: as fast as it goes.</param>
/// <param name="Delay">From one end to the other, besides waiting.</param>
/// <param name="Loss">The share of packets that vanish, each by itself, 0 to 1.</param>
public sealed record LineQuality(long? BitsPerSecond = null, TimeSpan Delay = default, double Loss = 0)
{
    public static readonly LineQuality Perfect = new();

    /// <summary>Nothing arrives.</summary>
    public static readonly LineQuality Dead = new(Loss: 1);

    /// <summary>The longest that a packet waits for its turn: what comes when more waits is dropped, as by a home router of the common kind.</summary>
    public TimeSpan LongestQueue { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>As a firewall that lets nothing but TCP through.</summary>
    public bool BlocksUdp { get; init; }
}
