using System.Collections.Concurrent;

namespace Tocsin.Server.Access;

/// <summary>Grants by the hash of their token, so that a request costs no look-up in the database.</summary>
/// <remarks>
/// What is revoked is forgotten at once on this node, and on others as soon as they hear the event. Should a node hear nothing, <see cref="Freshness"/>
/// bounds how long it goes on believing. Unknown tokens are not kept: they are the attacker's to invent.
/// </remarks>
internal sealed class AccessCache(TimeProvider time)
{
    // Some 1.5 KiB each. Past that everything is read once more, which is slower and nothing worse.
    private const int Capacity = 50_000;

    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, Entry> entries = new(StringComparer.Ordinal);
    private long revision;

    /// <summary>The living grant of <paramref name="tokenHash"/>, by <paramref name="load"/> where it is not known or not fresh.</summary>
    public async ValueTask<AccessGrant?> GetAsync(byte[] tokenHash, Func<byte[], CancellationToken, Task<AccessGrant?>> load, CancellationToken cancellationToken)
    {
        var key = Convert.ToBase64String(tokenHash);
        var now = time.GetUtcNow();
        if (entries.TryGetValue(key, out var entry) && now - entry.ReadAt < Freshness) return entry.Grant.IsAlive(now) ? entry.Grant : null;
        var revisionBefore = Volatile.Read(ref revision);
        var grant = await load(tokenHash, cancellationToken);
        if (grant is null || !grant.IsAlive(now))
        {
            entries.TryRemove(key, out _);
            return null;
        }

        Keep(key, new Entry(grant, now), revisionBefore);
        return grant;
    }

    /// <summary>Forgets the session or API token with this id.</summary>
    public void ForgetGrant(Guid id) => Forget(grant => grant.Id == id);

    /// <summary>Forgets every session of the account.</summary>
    public void ForgetAccount(Guid account) => Forget(grant => grant.Account == account);

    private void Forget(Predicate<AccessGrant> isEnded)
    {
        Interlocked.Increment(ref revision);
        foreach (var (key, entry) in entries)
        {
            if (isEnded(entry.Grant)) entries.TryRemove(key, out _);
        }
    }

    // What was read before a revocation must not be kept after it.
    private void Keep(string key, Entry entry, long revisionBefore)
    {
        if (entries.Count >= Capacity) entries.Clear();
        entries[key] = entry;
        if (Volatile.Read(ref revision) != revisionBefore) entries.TryRemove(key, out _);
    }

    private sealed record Entry(AccessGrant Grant, DateTimeOffset ReadAt);
}
