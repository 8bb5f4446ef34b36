using System.Net;
using Tocsin.Server.Features.Accounts.SignIn;

namespace Tocsin.Server.Features.ContactRefreshes.LinkPage;

/// <summary>How fast one address may open links and act by them. Generous: a whole site may sit behind one address; links are unguessable, and what one link can do is bounded by itself.</summary>
internal sealed class LinkPageRate(TimeProvider time)
{
    public const int InARow = 120;
    private const int MostRemembered = 20_000;
    private static readonly TimeSpan refill = TimeSpan.FromSeconds(1);

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
