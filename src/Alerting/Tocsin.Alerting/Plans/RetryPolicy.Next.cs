using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Deliveries;

namespace Tocsin.Alerting.Plans;

public sealed partial record RetryPolicy
{
    /// <summary>A carrier's wish to wait is honoured up to here: longer would let one carrier's mistake silence a person for the whole alert.</summary>
    public static readonly TimeSpan LongestCarrierWait = TimeSpan.FromMinutes(15);

    /// <summary>What follows attempt number <paramref name="attempt"/> (from 1).</summary>
    /// <param name="jitterSeed">Anything that differs between deliveries (the delivery's id), so that those refused together do not come back together.</param>
    public RetryDecision NextAttempt(int attempt, DeliveryOutcome outcome, DateTimeOffset now, DateTimeOffset expiresAt, long jitterSeed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(attempt, 1);
        return outcome switch
        {
            DeliveryOutcome.Accepted => RetryDecision.Done.Instance,
            DeliveryOutcome.Rejected rejected => new RetryDecision.GiveUp(DeliveryState.Failed, rejected.Reason),
            DeliveryOutcome.RetryAfter throttled => After(attempt, throttled.After, throttled.Reason, now, expiresAt, jitterSeed),
            DeliveryOutcome.OutcomeUnknown unknown => After(attempt, null, unknown.Reason, now, expiresAt, jitterSeed),
            _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
        };
    }

    private RetryDecision After(
        int attempt, TimeSpan? carrierWish, FailureReason reason, DateTimeOffset now, DateTimeOffset expiresAt, long jitterSeed)
    {
        if (attempt >= MaxAttempts)
            return new RetryDecision.GiveUp(DeliveryState.Failed, reason with { Code = FailureCodes.AttemptsExhausted });
        var share = Share(jitterSeed, attempt);

        // A quarter of the delay is left to chance: downwards for our own delay, which is a cap; upwards for the carrier's, which is a minimum.
        var delay = carrierWish is { } wish && wish > TimeSpan.Zero
            ? Shorter(wish, LongestCarrierWait) * (1 + (share / 4))
            : Delay(attempt) * (1 - (share / 4));
        return now + delay < expiresAt
            ? new RetryDecision.TryAgain(now + delay)
            : new RetryDecision.GiveUp(DeliveryState.Expired, reason with { Code = FailureCodes.Expired });
    }

    private TimeSpan Delay(int attempt)
    {
        var delay = FirstDelay;
        for (var i = 1; i < attempt && delay < MaxDelay; i++)
            delay *= 2;
        return Shorter(delay, MaxDelay);
    }

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;

    /// <summary>A number from 0 to below 1 that looks random and is the same each time (SplitMix64's finaliser).</summary>
    private static double Share(long seed, int attempt)
    {
        var z = unchecked((ulong)seed + ((ulong)attempt * 0x9E3779B97F4A7C15));
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EB);
        return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}
