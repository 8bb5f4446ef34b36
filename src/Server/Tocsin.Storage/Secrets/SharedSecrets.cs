using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Model;

namespace Tocsin.Storage.Secrets;

/// <summary>Keys that every node of an installation shares, made on first use.</summary>
public sealed class SharedSecrets(IDbContextFactory<TocsinDbContext> contexts, CommandStore store)
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

    private async Task<byte[]> CreateAsync(string name, Func<byte[]> create, CancellationToken cancellationToken)
    {
        try
        {
            return await store.CommitAsync(
                async (transaction, token) =>
                {
                    var existing = await transaction.Db.Set<SecretRecord>().FirstOrDefaultAsync(s => s.Name == name, token);
                    if (existing is not null) return existing.Value;
                    var made = new SecretRecord { Name = name, Value = create(), CreatedAt = transaction.Now };
                    transaction.Db.Add(made);
                    return made.Value;
                },
                cancellationToken);
        }
        catch (DbUpdateException exception)
        {
            // Another node made it first; theirs is everyone's.
            return await FindAsync(name, cancellationToken) ?? throw new InvalidOperationException($"Secret {name} could not be made or read.", exception);
        }
    }
}
