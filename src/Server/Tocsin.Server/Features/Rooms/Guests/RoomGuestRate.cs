using System.Net;
using Tocsin.Server.Features.Accounts.SignIn;

namespace Tocsin.Server.Features.Rooms.Guests;

/// <summary>How fast one address may look links up and ask to be let in. Generous: a whole supplier may sit behind one address; links are unguessable, and how many wait is bounded by itself.</summary>
internal sealed class RoomGuestRate(TimeProvider time)
{
    public const int InARow = 60;
    private const int MostRemembered = 20_000;
    private static readonly TimeSpan refill = TimeSpan.FromSeconds(2);

    private readonly Lock padlock = new();
    private readonly RecentlyUsedTable<string, TokenBucket> taken = new(MostRemembered);

    public bool TryTake(IPAddress? address)
    {
        lock (padlock)
        {
            return taken.GetOrAdd(SignInAttempt.AddressOf(address), () => new TokenBucket()).TryTake(time.GetUtcNow(), InARow, refill) == TimeSpan.Zero;
        }
    }
}
