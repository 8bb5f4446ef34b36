namespace Tocsin.Server.Features.Accounts.SignIn;

/// <summary>Allows some at once, and one more each while. Not thread-safe.</summary>
/// <remarks>Kept as the moment when it will be full again (the generic cell rate algorithm, ITU-T I.371): whole ticks, so nothing is lost or won by rounding.</remarks>
internal sealed class TokenBucket
{
    private DateTimeOffset fullAt = DateTimeOffset.MinValue;

    /// <param name="capacity">How many at once. It and <paramref name="refill"/> may be others from one time to the next.</param>
    /// <returns>Zero when taken; else how long until there is one to take.</returns>
    public TimeSpan TryTake(DateTimeOffset now, int capacity, TimeSpan refill)
    {
        var fullAfter = (fullAt > now ? fullAt : now) + refill;
        var wait = fullAfter - now - (capacity * refill);
        if (wait > TimeSpan.Zero) return wait;
        fullAt = fullAfter;
        return TimeSpan.Zero;
    }

    /// <summary>Takes back one <see cref="TryTake"/>.</summary>
    /// <param name="refill">As it was taken with.</param>
    public void GiveBack(TimeSpan refill)
    {
        if (fullAt > DateTimeOffset.MinValue) fullAt -= refill;
    }
}
