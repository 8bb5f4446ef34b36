using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Server.Errors;
using Tocsin.Storage;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Rooms;
using Tocsin.Storage.Schema;

namespace Tocsin.Server.Features.Rooms.Files;

internal readonly record struct FileAnswer(RoomFileView? File, Refusal? Refusal = null);

/// <summary>Keeps what browsers sealed, part by part, in any order. A part that came once stays as it is.</summary>
internal sealed class RoomFiles(CommandStore store, IDbContextFactory<TocsinDbContext> contexts, RoomFileOptions options)
{
    private const int MostOpenUploads = 20;
    private const int MostRanges = 100;
    private const long Megabyte = 1024 * 1024;

    /// <summary>Begins an upload, or says how far it has come.</summary>
    public Task<FileAnswer> BeginAsync(RoomId room, Guid id, long size, PersonId person, CancellationToken cancellationToken)
    {
        if (size < 0) return Task.FromResult(new FileAnswer(null, CommonRefusals.InvalidInput));
        if (size > Math.Min(FileParts.LargestFile, options.LargestMegabytes * Megabyte)) return Task.FromResult(new FileAnswer(null, RoomFileRefusals.TooLarge));
        return store.CommitAsync(
            async (transaction, token) =>
            {
                var db = transaction.Db;
                await TakeTurnAsync(db, token);
                if (!await IsMemberAsync(db, room, person, token)) return new(null, CommonRefusals.NotFound);
                if (await db.Set<RoomFile>().AsNoTracking().FirstOrDefaultAsync(f => f.RoomId == room && f.Id == id, token) is { } before)
                {
                    return before.Size != size || before.PersonId != person || before.IsDiscarded
                        ? new(null, RoomFileRefusals.Differs)
                        : new FileAnswer(await DescribeAsync(db, before, token));
                }

                if (await FindLimitAsync(db, room, person, size, token) is { } full) return new(null, full);
                var file = new RoomFile { RoomId = room, Id = id, PersonId = person, Size = size, CreatedAt = transaction.Now, ChangedAt = transaction.Now };
                db.Add(file);
                return new FileAnswer(new RoomFileView(id, size, FileParts.CountOf(size), [new PartRange(0, FileParts.CountOf(size) - 1)]));
            },
            cancellationToken);
    }

    /// <summary>Null where there is no such file for this person.</summary>
    public async Task<RoomFileView?> ReadAsync(RoomId room, Guid id, PersonId person, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await FindAsync(db, room, id, person, cancellationToken) is { } file ? await DescribeAsync(db, file, cancellationToken) : null;
    }

    /// <summary>How long this part is, with its seal.</summary>
    public async Task<(int Length, Refusal? Refusal)> ExpectAsync(RoomId room, Guid id, long number, PersonId person, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await FindAsync(db, room, id, person, cancellationToken) is not { } file) return (0, CommonRefusals.NotFound);
        return file.PersonId == person && number >= 0 && number < FileParts.CountOf(file.Size) ? (FileParts.LengthOf(file.Size, number), null) : (0, RoomFileRefusals.Malformed);
    }

    /// <returns>Null where it is kept, now or since an earlier try.</returns>
    public Task<Refusal?> KeepAsync(RoomId room, Guid id, long number, byte[] part, PersonId person, CancellationToken cancellationToken) =>
        store.CommitAsync(
            async (transaction, token) =>
            {
                var db = transaction.Db;
                // Changed before anything is looked at: of one part that comes twice at once, the second waits until the first is there.
                var found = await db.Set<RoomFile>().Where(f => f.RoomId == room && f.Id == id && f.PersonId == person && !f.IsDiscarded)
                    .ExecuteUpdateAsync(set => set.SetProperty(f => f.ChangedAt, transaction.Now), token);
                if (found == 0 || !await IsMemberAsync(db, room, person, token)) return CommonRefusals.NotFound;
                var before = await db.Set<RoomFileChunk>().AsNoTracking().FirstOrDefaultAsync(c => c.RoomId == room && c.FileId == id && c.Number == number, token);
                if (before is not null) return before.Sealed.AsSpan().SequenceEqual(part) ? null : RoomFileRefusals.Differs;
                db.Add(new RoomFileChunk { RoomId = room, FileId = id, Number = number, Sealed = part });
                return (Refusal?)null;
            },
            cancellationToken);

    /// <summary>Null where it is not there, or not for this person.</summary>
    public async Task<byte[]?> ReadPartAsync(RoomId room, Guid id, long number, PersonId person, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await FindAsync(db, room, id, person, cancellationToken) is null) return null;
        return await db.Set<RoomFileChunk>().Where(c => c.RoomId == room && c.FileId == id && c.Number == number).Select(c => c.Sealed).FirstOrDefaultAsync(cancellationToken);
    }

    /// <summary>Gives an upload up. What an entry carries stays, as entries do.</summary>
    /// <returns>Whether there was one of this person's.</returns>
    public Task<bool> DiscardAsync(RoomId room, Guid id, PersonId person, CancellationToken cancellationToken) =>
        store.CommitAsync(
            async (transaction, token) => await transaction.Db.Set<RoomFile>().Where(f => f.RoomId == room && f.Id == id && f.PersonId == person && f.EntrySeq == null)
                .ExecuteUpdateAsync(set => set.SetProperty(f => f.IsDiscarded, true), token) > 0,
            cancellationToken);

    /// <summary>In the transaction that gives an entry its number: from here on these files are kept as long as it is.</summary>
    /// <returns>Why not, where one has not arrived whole; nothing is changed then.</returns>
    public static async Task<Refusal?> AttachAsync(TocsinDbContext db, RoomId room, IReadOnlyList<Guid> files, long seq, CancellationToken cancellationToken)
    {
        // Held from here on: who gives one up meanwhile, as its owner or because it is old, finds that it is carried, or is found to have done so.
        var wanted = files.Distinct().Count();
        if (wanted > 0 && await db.Set<RoomFile>().Where(f => f.RoomId == room && files.Contains(f.Id) && !f.IsDiscarded)
            .ExecuteUpdateAsync(set => set.SetProperty(f => f.IsDiscarded, false), cancellationToken) < wanted) return RoomFileRefusals.Incomplete;
        foreach (var id in files)
        {
            var file = await db.Set<RoomFile>().AsNoTracking().FirstOrDefaultAsync(f => f.RoomId == room && f.Id == id && !f.IsDiscarded, cancellationToken);
            if (file is null) return RoomFileRefusals.Incomplete;
            if (await db.Set<RoomFileChunk>().LongCountAsync(c => c.RoomId == room && c.FileId == id, cancellationToken) < FileParts.CountOf(file.Size)) return RoomFileRefusals.Incomplete;
        }

        await db.Set<RoomFile>().Where(f => f.RoomId == room && files.Contains(f.Id) && f.EntrySeq == null).ExecuteUpdateAsync(set => set.SetProperty(f => f.EntrySeq, seq), cancellationToken);
        return null;
    }

    private async Task<Refusal?> FindLimitAsync(TocsinDbContext db, RoomId room, PersonId person, long size, CancellationToken cancellationToken)
    {
        var kept = db.Set<RoomFile>().Where(f => !f.IsDiscarded);
        if (await kept.CountAsync(f => f.PersonId == person && f.EntrySeq == null, cancellationToken) >= MostOpenUploads) return RoomFileRefusals.TooManyUploads;
        if (await kept.Where(f => f.PersonId == person).SumAsync(f => f.Size, cancellationToken) + size > options.PersonMegabytes * Megabyte) return RoomFileRefusals.PersonFull;
        if (await kept.Where(f => f.RoomId == room).SumAsync(f => f.Size, cancellationToken) + size > options.RoomMegabytes * Megabyte) return RoomFileRefusals.RoomFull;
        return await kept.SumAsync(f => f.Size, cancellationToken) + size > options.TotalMegabytes * Megabyte ? RoomFileRefusals.Full : null;
    }

    private static async Task<RoomFile?> FindAsync(TocsinDbContext db, RoomId room, Guid id, PersonId person, CancellationToken cancellationToken) =>
        await IsMemberAsync(db, room, person, cancellationToken)
            ? await db.Set<RoomFile>().AsNoTracking().FirstOrDefaultAsync(f => f.RoomId == room && f.Id == id && !f.IsDiscarded, cancellationToken)
            : null;

    private static Task<bool> IsMemberAsync(TocsinDbContext db, RoomId room, PersonId person, CancellationToken cancellationToken) =>
        db.Set<StoredRoomMember>().AnyAsync(m => m.RoomId == room && m.PersonId == person, cancellationToken);

    private static async Task<RoomFileView> DescribeAsync(TocsinDbContext db, RoomFile file, CancellationToken cancellationToken)
    {
        var parts = FileParts.CountOf(file.Size);
        var missing = new List<PartRange>();
        var next = 0L;
        await foreach (var number in db.Set<RoomFileChunk>().Where(c => c.RoomId == file.RoomId && c.FileId == file.Id).OrderBy(c => c.Number).Select(c => c.Number)
            .AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            if (number > next && missing.Count < MostRanges) missing.Add(new PartRange(next, number - 1));
            next = number + 1;
        }

        if (next < parts && missing.Count < MostRanges) missing.Add(new PartRange(next, parts - 1));
        return new RoomFileView(file.Id, file.Size, parts, missing);
    }

    /// <summary>Limits are counted over what others begin at the same moment, too. SQLite has one writer.</summary>
    private static Task TakeTurnAsync(TocsinDbContext db, CancellationToken cancellationToken) => db.Kind == DatabaseKind.Sqlite
        ? Task.CompletedTask
        : db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended('room files', 0))", cancellationToken);
}
