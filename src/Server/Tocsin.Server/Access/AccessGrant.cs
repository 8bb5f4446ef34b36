using System.Security.Claims;

namespace Tocsin.Server.Access;

/// <summary>What a session, an API token or a guest's cookie stands for, as kept in memory between requests.</summary>
/// <param name="Id">Of the session, the API token or the guest.</param>
/// <param name="Account">Null for an API token and a guest.</param>
/// <param name="Principal">Shared by concurrent requests: never changed.</param>
/// <param name="ExpiresAt">The absolute end.</param>
/// <param name="Idle">How long it lives without being used; null for an API token and a guest.</param>
internal sealed record AccessGrant(Guid Id, Guid? Account, ClaimsPrincipal Principal, DateTimeOffset ExpiresAt, TimeSpan? Idle)
{
    private long lastSeenTicks;

    /// <summary>When its holder proved who they are; null for an API token.</summary>
    public DateTimeOffset? OpenedAt { get; init; }

    public DateTimeOffset LastSeenAt
    {
        get => new(Volatile.Read(ref lastSeenTicks), TimeSpan.Zero);
        init => lastSeenTicks = value.UtcTicks;
    }

    public bool IsAlive(DateTimeOffset now) => now < ExpiresAt && (Idle is not { } idle || now < LastSeenAt + idle);

    /// <returns>True when the last use recorded is older than <paramref name="step"/>, and this call is the one that moved it on.</returns>
    public bool TryTouch(DateTimeOffset now, TimeSpan step)
    {
        var seen = Volatile.Read(ref lastSeenTicks);
        return now.UtcTicks - seen >= step.Ticks && Interlocked.CompareExchange(ref lastSeenTicks, now.UtcTicks, seen) == seen;
    }
}
