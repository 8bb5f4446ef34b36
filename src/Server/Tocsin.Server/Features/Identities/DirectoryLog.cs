using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Rooms;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Storage;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Events;
using Tocsin.Storage.Identities;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Features.Identities;

/// <summary>The directory log: writes what is signed and fits what stands before it, and nothing else. Clients verify all of it again.</summary>
internal sealed class DirectoryLog(CommandStore store, IDbContextFactory<TocsinDbContext> contexts)
{
    /// <summary>An identity with its first device is two.</summary>
    public const int MostAtOnce = 8;

    // Less than a mebibyte in base64, if all were identities.
    private const int PageLength = 500;

    // A person changes devices a few times a year; the log is for ever and every client reads it.
    private const int MostOfOneDay = 40;

    /// <summary>The head has grown to <c>number</c>; <c>personId</c> is whom the newest entry is about.</summary>
    private const string Grown = "directory-log.grown";

    public async Task<(IReadOnlyList<DirectoryLogEntry> Entries, DirectoryLogEntry? Head)> ReadAsync(long after, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var entries = await db.Set<DirectoryLogEntry>().AsNoTracking().Where(e => e.Number > after).OrderBy(e => e.Number).Take(PageLength).ToListAsync(cancellationToken);
        return (entries, await LastAsync(db, cancellationToken));
    }

    public async Task<DirectoryLogEntry?> HeadAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await LastAsync(db, cancellationToken);
    }

    /// <summary>Writes them all or none. What stands there already is not written again: a repetition answers as the first time did.</summary>
    /// <param name="isReset">Whether an identity may take the place of another.</param>
    /// <returns>The last entry of the log.</returns>
    public async Task<(DirectoryLogEntry? Head, Refusal? Refusal)> PublishAsync(IReadOnlyList<byte[]> entries, bool isReset, Actor actor, CancellationToken cancellationToken)
    {
        try
        {
            return (await store.CommitAsync(
                async (transaction, token) =>
                {
                    await DirectoryLogLock.TakeAsync(transaction.Db, token);
                    var head = await LastAsync(transaction.Db, token);
                    foreach (var bytes in entries) head = await AppendAsync(transaction, head, bytes, isReset, actor, token);
                    return head;
                },
                cancellationToken), null);
        }
        catch (RefusedException refused)
        {
            return (null, refused.Refusal);
        }
    }

    private static async Task<DirectoryLogEntry?> AppendAsync(
        CommandTransaction transaction, DirectoryLogEntry? head, byte[] bytes, bool isReset, Actor actor, CancellationToken cancellationToken)
    {
        var statement = Statement.Read(bytes);
        if (statement.Person != actor.Person) throw new RefusedException(IdentityRefusals.NotOwn);
        var known = await KnownOf(transaction.Db, statement.Person, cancellationToken);
        if (known.Has(bytes)) return head;
        if (known.Judge(statement, isReset, transaction.Now) is { } refusal) throw new RefusedException(refusal);
        var chained = (head is null ? LogHead.Empty : LogHead.At((ulong)head.Number, head.Hash)).Append(bytes);
        var entry = new DirectoryLogEntry
        {
            Number = (long)chained.Number,
            Kind = statement.Kind,
            PersonId = statement.Person,
            Device = statement.Device,
            Entry = bytes,
            Hash = chained.Hash.ToArray(),
            At = transaction.Now,
        };
        transaction.Db.Add(entry);
        var replaces = statement.Kind == DirectoryStatement.Identity && known.IdentityKey is not null;
        if (replaces) await RemoveBackupsAsync(transaction.Db, statement.Person, cancellationToken);
        if (replaces || statement.Kind == DirectoryStatement.DeviceRevocation) await RemoveNamesAsync(transaction.Db, statement, cancellationToken);
        // The next entry of the same request is judged by what this one did.
        await transaction.Db.SaveChangesAsync(cancellationToken);
        transaction.Append(Grown, EventVisibility.To(Roles.All), new { number = entry.Number, personId = entry.PersonId });
        transaction.Record(new AuditDraft(actor.ForAudit, ActionOf(statement.Kind, replaces), $"person:{statement.Person}", new { entry.Number, statement.Device }));
        return entry;
    }

    /// <summary>They seal an identity that counts no more.</summary>
    private static async Task RemoveBackupsAsync(TocsinDbContext db, PersonId person, CancellationToken cancellationToken) =>
        db.RemoveRange(await db.Set<IdentityBackup>().Where(b => b.PersonId == person).ToListAsync(cancellationToken));

    /// <summary>Of the device that was revoked, or of all where the identity was replaced.</summary>
    private static async Task RemoveNamesAsync(TocsinDbContext db, Statement statement, CancellationToken cancellationToken) =>
        db.RemoveRange(await db.Set<DeviceName>().Where(n => n.PersonId == statement.Person && (statement.Device == null || n.Device == statement.Device)).ToListAsync(cancellationToken));

    private static string ActionOf(DirectoryStatement kind, bool replaces) => kind switch
    {
        DirectoryStatement.Identity => replaces ? "identity.reset" : "identity.published",
        DirectoryStatement.DeviceCertificate => "device.certified",
        _ => "device.revoked",
    };

    private static async Task<KnownIdentity> KnownOf(TocsinDbContext db, PersonId person, CancellationToken cancellationToken) =>
        new(await db.Set<DirectoryLogEntry>().AsNoTracking().Where(e => e.PersonId == person).OrderBy(e => e.Number).ToListAsync(cancellationToken));

    private static Task<DirectoryLogEntry?> LastAsync(TocsinDbContext db, CancellationToken cancellationToken) =>
        db.Set<DirectoryLogEntry>().AsNoTracking().OrderByDescending(e => e.Number).FirstOrDefaultAsync(cancellationToken);

    /// <summary>An entry as it was sent, its signature verified.</summary>
    private sealed record Statement(DirectoryStatement Kind, PersonId Person, Guid? Device, byte[] IdentityKey)
    {
        /// <exception cref="RefusedException">It speaks not even for itself.</exception>
        public static Statement Read(byte[] bytes)
        {
            if (!LogEntry.TryRead(bytes, out var entry, out var refusal)) throw new RefusedException(IdentityRefusals.Of(refusal));
            Guid? device = entry.Device.IsEmpty ? null : new Guid(entry.Device, bigEndian: true);
            return new((DirectoryStatement)entry.Kind, new PersonId(new Guid(entry.Account, bigEndian: true)), device, entry.IdentityKey.ToArray());
        }
    }

    /// <summary>What the log says of one person.</summary>
    /// <param name="entries">Theirs, in order.</param>
    private sealed class KnownIdentity(IReadOnlyList<DirectoryLogEntry> entries)
    {
        private readonly DirectoryLogEntry? identity = entries.LastOrDefault(e => e.Kind == DirectoryStatement.Identity);

        /// <summary>Of the present identity.</summary>
        public byte[]? IdentityKey => identity is not null && LogEntry.TryRead(identity.Entry, out var read, out _) ? read.IdentityKey.ToArray() : null;

        /// <summary>Standing there, and not from before a reset.</summary>
        public bool Has(byte[] bytes) => entries.Any(e => e.Number >= identity?.Number && e.Entry.AsSpan().SequenceEqual(bytes));

        /// <returns>Null when it may be written.</returns>
        public Refusal? Judge(Statement statement, bool isReset, DateTimeOffset now)
        {
            if (entries.Count(e => e.At > now.AddDays(-1)) >= MostOfOneDay) return IdentityRefusals.TooManyStatements;
            if (statement.Kind == DirectoryStatement.Identity) return IdentityKey is null || isReset ? null : IdentityRefusals.IdentityExists;
            if (IdentityKey is not { } key) return IdentityRefusals.UnknownAccount;
            if (!key.AsSpan().SequenceEqual(statement.IdentityKey)) return IdentityRefusals.OtherIdentity;
            var certified = entries.FirstOrDefault(e => e.Kind == DirectoryStatement.DeviceCertificate && e.Device == statement.Device);
            if (statement.Kind == DirectoryStatement.DeviceCertificate) return certified is null ? null : IdentityRefusals.DeviceExists;
            var isRevoked = entries.Any(e => e.Kind == DirectoryStatement.DeviceRevocation && e.Device == statement.Device);
            return certified is not null && certified.Number > identity!.Number && !isRevoked ? null : IdentityRefusals.UnknownDevice;
        }
    }

    /// <summary>Undoes the transaction: of several entries none is written.</summary>
    private sealed class RefusedException(Refusal refusal) : Exception(refusal.Title)
    {
        public Refusal Refusal { get; } = refusal;
    }
}
