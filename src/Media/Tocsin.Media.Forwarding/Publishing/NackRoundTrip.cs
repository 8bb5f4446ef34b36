using Tocsin.Media.Engine;

namespace Tocsin.Media.Forwarding.Publishing;

/// <summary>How long a publisher takes to answer a request for a lost packet: what a browser that only sends tells of its distance.</summary>
/// <remarks>One request is watched at a time. The meeting's thread. Does not allocate.</remarks>
internal sealed class NackRoundTrip
{
    /// <summary>Until it is measured: asking again sooner would fetch most packets twice.</summary>
    private static readonly TimeSpan Assumed = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    /// <summary>Chance lets single answers come late; asking again a little late costs less than asking twice.</summary>
    private const double Margin = 1.25;

    private TimeSpan? smoothed;
    private ushort watched;
    private Instant askedAt;
    private bool isWatching;

    /// <summary>After this time without an answer, ask again.</summary>
    public TimeSpan RetryTime => (smoothed ?? Assumed) * Margin;

    public void HandleRequest(Instant now, ushort sequenceNumber)
    {
        if (isWatching && now - askedAt < Longest)
            return;
        (watched, askedAt, isWatching) = (sequenceNumber, now, true);
    }

    public void HandleRetransmission(Instant now, ushort sequenceNumber)
    {
        if (!isWatching || sequenceNumber != watched)
            return;
        isWatching = false;
        var measured = now - askedAt;
        if (measured <= Longest)
            smoothed = smoothed is { } before ? before + ((measured - before) / 8) : measured;
    }
}
