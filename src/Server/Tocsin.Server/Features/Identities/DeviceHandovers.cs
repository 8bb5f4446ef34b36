using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;
using Tocsin.Alerting;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Storage;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Events;
using Tocsin.Storage.Identities;
using Tocsin.Storage.Schema;

namespace Tocsin.Server.Features.Identities;

/// <summary>Carries the three messages by which one device of a person adds another. It can open none of them; the two devices find out what it changes (docs/protocol/identities.md).</summary>
internal sealed class DeviceHandovers(CommandStore store, IDbContextFactory<TocsinDbContext> contexts, TimeProvider time)
{
    public const int CommitmentLength = 16;

    // Somebody tries again a few times, perhaps on two new devices; each is three kibibytes for a quarter of an hour.
    private const int MostAtOnce = 10;

    /// <summary>Something was written to the hand-over <c>commitment</c>, or it ended.</summary>
    private const string Changed = "device-handover.changed";

    /// <summary>Time to fetch the other device, and to read a code from one to the other.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    public Task<(DeviceHandover? Handover, Refusal? Refusal)> OpenAsync(PersonId person, byte[] commitment, CancellationToken cancellationToken) =>
        store.CommitAsync<(DeviceHandover?, Refusal?)>(
            async (transaction, token) =>
            {
                await TakeTurnAsync(transaction.Db, person, token);
                var before = transaction.Now - Lifetime;
                var own = transaction.Db.Set<DeviceHandover>().Where(h => h.PersonId == person);
                await own.Where(h => h.OpenedAt < before).ExecuteDeleteAsync(token);
                if (await own.AsNoTracking().FirstOrDefaultAsync(h => h.Commitment == commitment, token) is { } known) return Standing(known, transaction.Now);
                if (await own.CountAsync(token) >= MostAtOnce) return (null, IdentityRefusals.TooManyHandovers);
                var handover = new DeviceHandover { PersonId = person, Commitment = commitment, OpenedAt = transaction.Now };
                transaction.Db.Add(handover);
                return (handover, null);
            },
            cancellationToken);

    public async Task<(DeviceHandover? Handover, Refusal? Refusal)> ReadAsync(PersonId person, byte[] commitment, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return Standing(await FindAsync(db, person, commitment, cancellationToken), time.GetUtcNow());
    }

    /// <summary>Writes one message, once. The same bytes again are answered as the first time.</summary>
    public Task<Refusal?> WriteAsync(PersonId person, byte[] commitment, HandoverMessage message, byte[] bytes, Actor actor, CancellationToken cancellationToken) =>
        store.CommitAsync(
            async (transaction, token) =>
            {
                var (handover, refusal) = Standing(await FindAsync(transaction.Db, person, commitment, token), transaction.Now);
                if (handover is null) return refusal;
                if (message.Of(handover) is { } written) return written.AsSpan().SequenceEqual(bytes) ? null : IdentityRefusals.HandoverOutOfOrder;
                if (message.Before is { } before && before.Of(handover) is null) return IdentityRefusals.HandoverOutOfOrder;

                // Of two devices that answer at once one is first: what was read above may be old.
                var isFirst = await transaction.Db.Set<DeviceHandover>().Where(h => h.PersonId == person && h.Commitment == commitment).Where(message.IsMissing)
                    .ExecuteUpdateAsync(set => message.Set(set, bytes), token) == 1;
                if (!isFirst) return IdentityRefusals.HandoverOutOfOrder;
                Tell(transaction, handover);
                if (message == HandoverMessage.Sealed) transaction.Record(new AuditDraft(actor.ForAudit, "identity.handed-over", $"person:{person}", new { }));
                return null;
            },
            cancellationToken);

    /// <summary>Done, or refused by one of the two devices. What was written is gone at once.</summary>
    public Task EndAsync(PersonId person, byte[] commitment, CancellationToken cancellationToken) =>
        store.CommitAsync(
            async (transaction, token) =>
            {
                var handover = await transaction.Db.Set<DeviceHandover>().FirstOrDefaultAsync(h => h.PersonId == person && h.Commitment == commitment, token);
                if (handover is null or { EndedAt: not null }) return;
                handover.EndedAt = transaction.Now;
                (handover.Introduction, handover.Opening, handover.Sealed) = (null, null, null);
                Tell(transaction, handover);
            },
            cancellationToken);

    /// <summary>One hand-over of a person is opened at a time: of two that open the same, the second finds the first's. SQLite has one writer; on PostgreSQL there is no row yet to lock.</summary>
    private static Task TakeTurnAsync(TocsinDbContext db, PersonId person, CancellationToken cancellationToken)
    {
        var name = $"device-handovers {person}";
        return db.Kind == DatabaseKind.Sqlite
            ? Task.CompletedTask
            : db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended({name}, 0))", cancellationToken);
    }

    private static (DeviceHandover?, Refusal?) Standing(DeviceHandover? handover, DateTimeOffset now) => handover switch
    {
        null => (null, CommonRefusals.NotFound),
        { EndedAt: not null } => (null, IdentityRefusals.HandoverEnded),
        _ when handover.OpenedAt + Lifetime <= now => (null, IdentityRefusals.HandoverExpired),
        _ => (handover, null),
    };

    private static void Tell(CommandTransaction transaction, DeviceHandover handover) =>
        transaction.Append(Changed, EventVisibility.To(handover.PersonId), new { commitment = Convert.ToHexStringLower(handover.Commitment) });

    private static Task<DeviceHandover?> FindAsync(TocsinDbContext db, PersonId person, byte[] commitment, CancellationToken cancellationToken) =>
        db.Set<DeviceHandover>().AsNoTracking().FirstOrDefaultAsync(h => h.PersonId == person && h.Commitment == commitment, cancellationToken);
}

/// <summary>One of the three messages of a hand-over.</summary>
/// <param name="Word">As the path has it.</param>
/// <param name="Length">Of every such message, in bytes.</param>
/// <param name="Before">What must have been written; null for the first.</param>
internal sealed record HandoverMessage(
    string Word, int Length, HandoverMessage? Before, Func<DeviceHandover, byte[]?> Of, Expression<Func<DeviceHandover, bool>> IsMissing,
    Action<UpdateSettersBuilder<DeviceHandover>, byte[]> Set)
{
    public static readonly HandoverMessage Introduction = new(
        "introduction", 121, null, h => h.Introduction, h => h.EndedAt == null && h.Introduction == null, (set, bytes) => set.SetProperty(h => h.Introduction, bytes));

    public static readonly HandoverMessage Opening = new(
        "opening", 1265, Introduction, h => h.Opening, h => h.EndedAt == null && h.Opening == null, (set, bytes) => set.SetProperty(h => h.Opening, bytes));

    public static readonly HandoverMessage Sealed = new(
        "sealed", 1200, Opening, h => h.Sealed, h => h.EndedAt == null && h.Sealed == null, (set, bytes) => set.SetProperty(h => h.Sealed, bytes));

    public static HandoverMessage? Named(string word) => ((HandoverMessage[])[Introduction, Opening, Sealed]).FirstOrDefault(message => message.Word == word);
}
