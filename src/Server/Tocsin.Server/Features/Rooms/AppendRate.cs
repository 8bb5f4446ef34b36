using Tocsin.Alerting;
using Tocsin.Server.Features.Accounts.SignIn;

namespace Tocsin.Server.Features.Rooms;

/// <summary>How fast one person's devices may write: an outbox that was filled for a day leaves within minutes, and nobody fills the disk in an hour.</summary>
internal sealed class AppendRate(TimeProvider time)
{
    public const int EntriesInARow = 200;
    private const int MostRemembered = 20_000;
    private static readonly TimeSpan refill = TimeSpan.FromMilliseconds(250);

    private readonly Lock padlock = new();
    private readonly RecentlyUsedTable<PersonId, TokenBucket> taken = new(MostRemembered);

    public bool TryTake(PersonId person)
    {
        lock (padlock)
        {
            return taken.GetOrAdd(person, () => new TokenBucket()).TryTake(time.GetUtcNow(), EntriesInARow, refill) == TimeSpan.Zero;
        }
    }
}
