namespace Tocsin.Server.Features.Accounts.SignIn;

/// <summary>Allows <paramref name="capacity"/> at once, and one more each <paramref name="refill"/>. Not thread-safe.</summary>
/// <remarks>Kept as the moment when it will be full again (the generic cell rate algorithm, ITU-T I.371): whole ticks, so nothing is lost or won by rounding.</remarks>
internal sealed class TokenBucket(int capacity, TimeSpan refill)
{
    private DateTimeOffset fullAt = DateTimeOffset.MinValue;

    /// <returns>Zero when taken; else how long until there is one to take.</returns>
    public TimeSpan TryTake(DateTimeOffset now)
    {
        var fullAfter = (fullAt > now ? fullAt : now) + refill;
        var wait = fullAfter - now - (capacity * refill);
        if (wait > TimeSpan.Zero) return wait;
        fullAt = fullAfter;
        return TimeSpan.Zero;
    }

    /// <summary>Takes back one <see cref="TryTake"/>.</summary>
    public void GiveBack()
    {
        if (fullAt > DateTimeOffset.MinValue) fullAt -= refill;
    }
}
