using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Model;

namespace Tocsin.Storage.Secrets;

/// <summary>Keys that every node of an installation shares, made on first use.</summary>
public sealed class SharedSecrets(IDbContextFactory<TocsinDbContext> contexts, WriteGate gate, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, byte[]> known = new(StringComparer.Ordinal);

    /// <summary>The secret called <paramref name="name"/>; where there is none, <paramref name="create"/>'s bytes become it for everyone.</summary>
    public async Task<byte[]> GetOrCreateAsync(string name, Func<byte[]> create, CancellationToken cancellationToken)
    {
        if (known.TryGetValue(name, out var cached)) return cached;
        var value = await FindAsync(name, cancellationToken) ?? await CreateAsync(name, create, cancellationToken);
        return known.GetOrAdd(name, value);
    }

    /// <summary>As above with <paramref name="length"/> random bytes.</summary>
    public Task<byte[]> GetOrCreateAsync(string name, int length, CancellationToken cancellationToken) =>
        GetOrCreateAsync(name, () => RandomNumberGenerator.GetBytes(length), cancellationToken);

    private async Task<byte[]?> FindAsync(string name, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Set<SecretRecord>().Where(s => s.Name == name).Select(s => s.Value).FirstOrDefaultAsync(cancellationToken);
    }

    /// <remarks>
    /// One statement, that does nothing where others were first: theirs is everyone's. Not a command: one that asks for its first secret would spend its own idempotency key on it.
    /// </remarks>
    private async Task<byte[]> CreateAsync(string name, Func<byte[]> create, CancellationToken cancellationToken)
    {
        var (value, now) = (create(), time.GetUtcNow().ToUnixTimeMilliseconds());
        await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
        using (await gate.EnterAsync(db.Kind, cancellationToken))
            await db.Database.ExecuteSqlAsync($"INSERT INTO secrets (name, created_at, value) VALUES ({name}, {now}, {value}) ON CONFLICT (name) DO NOTHING", cancellationToken);
        return await FindAsync(name, cancellationToken) ?? throw new InvalidOperationException($"Secret {name} was made and is not there.");
    }
}
