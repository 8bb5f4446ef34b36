using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Tocsin.Storage.Events;
using Tocsin.Storage.Model;

namespace Tocsin.Storage.Audit;

/// <summary>The chain that makes a changed, removed or inserted audit record visible.</summary>
/// <remarks>
/// hash(n) = SHA-256( hash(n-1) ‖ seq ‖ at ‖ for each text field: length ‖ UTF-8 bytes ), integers 8 bytes big-endian, an absent field has length -1;
/// hash(0) is 32 zero bytes. Whoever can rewrite the whole table can rewrite the chain: the head is exported to be kept elsewhere (docs/security).
/// </remarks>
public static class AuditChain
{
    private const int MaximumDetailLength = 4096;

    internal static async Task AppendAsync(TocsinDbContext db, IReadOnlyList<AuditDraft> drafts, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (drafts.Count == 0) return;
        var last = await db.Set<AuditRecord>().AsNoTracking().OrderByDescending(r => r.Seq).FirstOrDefaultAsync(cancellationToken);
        var (seq, hash) = last is null ? (0, new byte[32]) : (last.Seq, last.Hash);
        foreach (var draft in drafts)
        {
            var record = new AuditRecord
            {
                Seq = ++seq,
                At = now,
                Actor = draft.Actor.Id,
                ActorName = draft.Actor.Name,
                Origin = draft.Actor.Origin,
                Action = draft.Action,
                Subject = draft.Subject,
                Detail = Serialise(draft.Detail),
            };
            record.Hash = hash = HashOf(hash, record);
            db.Add(record);
        }

        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Goes through the whole chain.</summary>
    /// <returns>The number of the first record that is not what was written, or null where all is whole.</returns>
    public static async Task<long?> FindBreakAsync(IDbContextFactory<TocsinDbContext> contexts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(contexts);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var hash = new byte[32];
        var expected = 1L;
        await foreach (var record in db.Set<AuditRecord>().AsNoTracking().OrderBy(r => r.Seq).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            if (record.Seq != expected || !record.Hash.AsSpan().SequenceEqual(HashOf(hash, record))) return record.Seq;
            hash = record.Hash;
            expected++;
        }

        return null;
    }

    /// <summary>The hash that <paramref name="record"/> must carry after <paramref name="previous"/> (32 bytes).</summary>
    public static byte[] HashOf(ReadOnlySpan<byte> previous, AuditRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(previous);
        AppendNumber(hash, record.Seq);
        AppendNumber(hash, record.At.ToUnixTimeMilliseconds());
        foreach (var field in (ReadOnlySpan<string?>)[record.Actor, record.ActorName, record.Origin, record.Action, record.Subject, record.Detail])
            AppendText(hash, field);
        return hash.GetHashAndReset();
    }

    private static void AppendNumber(IncrementalHash hash, long value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        hash.AppendData(bytes);
    }

    private static void AppendText(IncrementalHash hash, string? text)
    {
        AppendNumber(hash, text is null ? -1 : Encoding.UTF8.GetByteCount(text));
        if (text is not null) hash.AppendData(Encoding.UTF8.GetBytes(text));
    }

    private static string Serialise(object? detail)
    {
        if (detail is null) return "{}";
        var json = JsonSerializer.Serialize(detail, EventJson.Options);
        if (json.Length > MaximumDetailLength) throw new InvalidOperationException("An audit record's detail is too long: name things by id.");
        return json;
    }
}
