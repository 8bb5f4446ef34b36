using Tocsin.Alerting.Channels;

namespace Tocsin.Alerting.Plans;

/// <summary>When to try again after an attempt that the carrier did not take.</summary>
/// <param name="MaxAttempts">In all, the first included; 1 to 100.</param>
/// <param name="FirstDelay">After the first attempt; doubles with each one after it.</param>
/// <param name="MaxDelay">Where doubling stops.</param>
public sealed partial record RetryPolicy(int MaxAttempts, TimeSpan FirstDelay, TimeSpan MaxDelay)
{
    /// <summary>About 50 minutes of tries: a carrier's breakdown is usually mended or bypassed by then, and the board has long said what fails.</summary>
    public static RetryPolicy Default { get; } = new(30, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(2));
}

/// <summary>What follows an attempt.</summary>
public abstract record RetryDecision
{
    private RetryDecision()
    {
    }

    /// <summary>The carrier has it.</summary>
    public sealed record Done : RetryDecision
    {
        public static Done Instance { get; } = new();
    }

    /// <summary>Another attempt, not before <paramref name="At"/>, which is before the expiry.</summary>
    public sealed record TryAgain(DateTimeOffset At) : RetryDecision;

    /// <summary>No further attempt; the delivery's final state, as far as we can tell, is <paramref name="Final"/> (failed or expired).</summary>
    public sealed record GiveUp(Deliveries.DeliveryState Final, FailureReason Reason) : RetryDecision;
}
