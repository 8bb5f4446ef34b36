namespace Tocsin.Bench.Sfu.Load;

/// <summary>One rate, held for a while; all that was sent in it has arrived or is lost.</summary>
/// <param name="Rate">Packets a second of each publisher, as it was meant.</param>
/// <param name="Expected">Packets that should have arrived: those sent, times those who receive them.</param>
/// <param name="Received">Packets that arrived and were verified.</param>
/// <param name="Omitted">The share of frames that the generator had no time for: they were not sent, and are not expected.</param>
/// <param name="ProcessorSeconds">Of the server.</param>
internal sealed record Step(double Rate, long Expected, long Received, double Omitted, double Seconds, double ProcessorSeconds)
{
    public double LostShare => Expected == 0 ? 1 : 1 - (double)Received / Expected;

    public double PacketsPerSecond => Received / Seconds;

    public double NanosecondsPerPacket => Received == 0 ? double.PositiveInfinity : ProcessorSeconds * 1e9 / Received;

    public double Load => ProcessorSeconds / Seconds;
}

/// <param name="Best">The fastest step that lost next to nothing; where all lost, the one that lost least.</param>
/// <param name="Verified">Packets whose authentication, order and every byte were checked.</param>
/// <param name="LimitNanosecondsPerPacket">Encrypting and sending alone, to as many, at the same rate; null for other servers than ours.</param>
/// <param name="Server">What the server says of itself.</param>
internal sealed record Measured(
    string Sfu,
    string Scenario,
    string Profile,
    Step Best,
    IReadOnlyList<Step> Steps,
    long Verified,
    long Late,
    long Other,
    double? LimitNanosecondsPerPacket,
    double? LimitPacketsPerSecond,
    IReadOnlyDictionary<string, long> Server);
