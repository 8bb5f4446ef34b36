namespace Tocsin.Server.Features.Accounts.SignIn;

/// <summary>Allows <paramref name="capacity"/> at once, and one more each <paramref name="refill"/>. Not thread-safe.</summary>
internal sealed class TokenBucket(int capacity, TimeSpan refill)
{
    private double tokens = capacity;
    private DateTimeOffset countedAt = DateTimeOffset.MinValue;

    /// <returns>Zero when taken; else how long until there is one to take.</returns>
    public TimeSpan TryTake(DateTimeOffset now)
    {
        Count(now);
        if (tokens < 1) return (1 - tokens) * refill;
        tokens--;
        return TimeSpan.Zero;
    }

    public void GiveBack() => tokens = Math.Min(capacity, tokens + 1);

    private void Count(DateTimeOffset now)
    {
        if (now <= countedAt) return;
        tokens = countedAt == DateTimeOffset.MinValue ? capacity : Math.Min(capacity, tokens + ((now - countedAt) / refill));
        countedAt = now;
    }
}
