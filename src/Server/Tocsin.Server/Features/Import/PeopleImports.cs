using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.Directory;
using Tocsin.Storage;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Directory;
using Tocsin.Storage.Events;
using Tocsin.Storage.Schema;

namespace Tocsin.Server.Features.Import;

/// <summary>How a file is to be taken.</summary>
/// <param name="FullList">Whoever an earlier import brought and this file does not name is taken out.</param>
/// <param name="MostRemovedPercent">Past this share of the imported people, taking out needs a confirmation of the number.</param>
internal sealed record ImportOptions(string FileName, bool FullList, int MostRemovedPercent, string Country)
{
    public const int UsualMostRemovedPercent = 10;
}

/// <summary>Imports people in two steps: a preview that changes nothing, then all of it in one transaction.</summary>
internal sealed class PeopleImports(CommandStore store, IDbContextFactory<TocsinDbContext> contexts, TimeProvider time)
{
    private const int MostLines = 200_000;

    // Short transactions, so that an alert raised meanwhile does not wait: SQLite has one writer.
    private const int LinesPerTransaction = 2_000;

    // Another node may be writing one: a preview takes seconds, never this long.
    private static readonly TimeSpan LongestPreview = TimeSpan.FromMinutes(10);

    // Whoever keeps changing people meanwhile gets in the way of what was agreed to anyway.
    private const int MostComparisons = 5;

    // Renewed well before: a node that only collects garbage must not lose its import, and one that died must not hold it up for long.
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<PeopleImportId, ImportProgress> progress = new();

    /// <summary>How far an import is that this process works on right now; null otherwise.</summary>
    public ImportProgress? ProgressOf(PeopleImportId import) => progress.GetValueOrDefault(import);

    /// <summary>Reads a file, compares it with the directory and keeps the preview.</summary>
    /// <param name="id">A new one; the caller may know it, and so ask how far it is.</param>
    /// <exception cref="ImportRefusedException">The file cannot be imported at all. Nothing is kept.</exception>
    public async Task<PeopleImport> PreviewAsync(PeopleImportId id, Stream file, ImportOptions options, AuditActor actor, CancellationToken cancellationToken)
    {
        var steps = new ImportProgress();
        if (!progress.TryAdd(id, steps)) throw new ImportRefusedException("import-id-taken");
        try
        {
            steps.Begin(ImportStep.Reading, null);
            using var spooled = await ImportFile.SpoolAsync(file, cancellationToken);
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            if (await db.Set<PeopleImport>().AnyAsync(import => import.Id == id, cancellationToken)) throw new ImportRefusedException("import-id-taken");
            var comparison = new ImportComparison(await DirectoryImage.ReadAsync(db, cancellationToken), id, DateTimeOffset.UnixEpoch, keepsLines: true);
            steps.Begin(ImportStep.Comparing, null);
            var lastLine = ReadLines(spooled.Open(), options.Country, comparison, steps, cancellationToken);
            if (options.FullList) comparison.RemoveOthers(lastLine);
            await StageAsync(id, comparison, options, actor, spooled.EncodingName, steps, cancellationToken);
            return await db.Set<PeopleImport>().AsNoTracking().FirstAsync(import => import.Id == id, cancellationToken);
        }
        finally
        {
            progress.TryRemove(id, out _);
        }
    }

    /// <summary>Asks for the import to be applied. From here on it is, whatever happens to this process.</summary>
    /// <param name="confirmedRemovals">How many people the caller knows will be taken out; needed past the share that the import allows.</param>
    public Task<CommandAnswer<PeopleImport>> RequestAsync(PeopleImportId id, int? confirmedRemovals, AuditActor actor, CancellationToken cancellationToken) =>
        DirectoryCommand.RunAsync<PeopleImport>(
            store,
            async (transaction, token) =>
            {
                if (await transaction.Db.Set<PeopleImport>().FirstOrDefaultAsync(i => i.Id == id, token) is not { } import) return CommonRefusals.NotFound;
                if (import.State is PeopleImportState.Applying or PeopleImportState.Applied) return import;
                if (import.State != PeopleImportState.Ready) return ImportRefusals.NotReady;
                var imported = await transaction.Db.Set<Person>().CountAsync(person => person.Active && person.Source == DirectorySource.Import, token);
                if (import.Removed * 100L > (long)import.MostRemovedPercent * imported && confirmedRemovals != import.Removed) return ImportRefusals.TooManyRemovals;
                (import.State, import.LeaseUntil) = (PeopleImportState.Applying, null);
                Announce(transaction, import);
                transaction.Record(new AuditDraft(actor, "people-import.requested", $"people-import:{id}", Counts(import)));
                return import;
            },
            cancellationToken);

    public Task<CommandAnswer<PeopleImport>> DiscardAsync(PeopleImportId id, AuditActor actor, CancellationToken cancellationToken) =>
        DirectoryCommand.RunAsync<PeopleImport>(
            store,
            async (transaction, token) =>
            {
                if (await transaction.Db.Set<PeopleImport>().FirstOrDefaultAsync(i => i.Id == id, token) is not { } import) return CommonRefusals.NotFound;
                if (import.State != PeopleImportState.Ready) return ImportRefusals.NotReady;
                import.State = PeopleImportState.Discarded;
                await transaction.Db.Set<PeopleImportLine>().Where(line => line.ImportId == id).ExecuteDeleteAsync(token);
                Announce(transaction, import);
                transaction.Record(new AuditDraft(actor, "people-import.discarded", $"people-import:{id}"));
                return import;
            },
            cancellationToken);

    /// <summary>Imports that were asked for and that no living process works on.</summary>
    public async Task<IReadOnlyList<PeopleImportId>> ReadWaitingAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Set<PeopleImport>().Where(i => i.State == PeopleImportState.Applying && (i.LeaseUntil == null || i.LeaseUntil < now)).OrderBy(i => i.ChangedAt).Select(i => i.Id).ToListAsync(cancellationToken);
    }

    /// <summary>With the embedded database there is one process: what another had in hand when it ended is free.</summary>
    public Task ReleaseAllAsync(CancellationToken cancellationToken) => store.CommitAsync(
        (transaction, token) => transaction.Db.Kind == DatabaseKind.PostgreSql
            ? Task.CompletedTask
            : transaction.Db.Set<PeopleImport>().Where(i => i.State == PeopleImportState.Applying).ExecuteUpdateAsync(set => set.SetProperty(i => i.LeaseUntil, (DateTimeOffset?)null), token),
        cancellationToken);

    /// <summary>Applies an import that was asked for: all of it in one transaction, or, where the directory changed since the preview, none of it.</summary>
    /// <remarks>
    /// Safe to call again after a crash, and by two nodes at once: whoever holds the lease works on it, and the state decides under the transaction's lock. All that takes long
    /// and needs no lock is done before the transaction, which first makes sure that the directory is still as it was compared with.
    /// </remarks>
    public async Task ApplyAsync(PeopleImportId id, CancellationToken cancellationToken)
    {
        if (!await TakeLeaseAsync(id, cancellationToken)) return;
        var steps = progress.GetOrAdd(id, _ => new ImportProgress());
        using var renewing = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var renewal = RenewAsync(id, renewing.Token);
        try
        {
            var rows = await ReadRowsAsync(id, steps, cancellationToken);
            for (var round = 1; !await TryApplyAsync(id, rows, steps, isLast: round == MostComparisons, cancellationToken); round++)
            {
            }
        }
        finally
        {
            progress.TryRemove(id, out _);
            await renewing.CancelAsync();
            await renewal;
        }
    }

    /// <summary>Closes previews that a crash cut off while they were written: what there is of them is of no use.</summary>
    public Task CloseInterruptedAsync(CancellationToken cancellationToken) => store.CommitAsync(
        async (transaction, token) =>
        {
            var longAgo = transaction.Now - LongestPreview;
            var interrupted = await transaction.Db.Set<PeopleImport>().Where(i => i.State == PeopleImportState.Reading && i.ChangedAt < longAgo).ToListAsync(token);
            foreach (var import in interrupted) (import.State, import.ErrorCode, import.ChangedAt) = (PeopleImportState.Failed, "interrupted", transaction.Now);
        },
        cancellationToken);

    /// <summary>Ends an import that broke while it was applied, so that nobody waits for it.</summary>
    public Task FailAsync(PeopleImportId id, CancellationToken cancellationToken) => store.CommitAsync(
        async (transaction, token) =>
        {
            if (await transaction.Db.Set<PeopleImport>().FirstOrDefaultAsync(i => i.Id == id && i.State == PeopleImportState.Applying, token) is not { } import) return;
            (import.State, import.ErrorCode, import.ChangedAt) = (PeopleImportState.Failed, CommonRefusals.Internal.Code, transaction.Now);
            Announce(transaction, import);
        },
        cancellationToken);

    private async Task<bool> TakeLeaseAsync(PeopleImportId id, CancellationToken cancellationToken) =>
        await store.CommitAsync(
            (transaction, token) => transaction.Db.Set<PeopleImport>()
                .Where(i => i.Id == id && i.State == PeopleImportState.Applying && (i.LeaseUntil == null || i.LeaseUntil < transaction.Now))
                .ExecuteUpdateAsync(set => set.SetProperty(i => i.LeaseUntil, transaction.Now + Lease), token),
            cancellationToken) == 1;

    /// <summary>Until it is cancelled. While the last transaction runs, its lock on the import's row does the same, and on SQLite nobody else is there.</summary>
    private async Task RenewAsync(PeopleImportId id, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Lease / 3, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                await using var db = await contexts.CreateDbContextAsync(cancellationToken);
                if (db.Kind != DatabaseKind.PostgreSql) continue;
                var until = time.GetUtcNow() + Lease;
                await db.Set<PeopleImport>().Where(i => i.Id == id && i.State == PeopleImportState.Applying).ExecuteUpdateAsync(set => set.SetProperty(i => i.LeaseUntil, until), cancellationToken);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or System.Data.Common.DbException)
        {
            // Done; or the database is away, which the import itself will notice.
        }
    }

    /// <returns>False where the directory changed after it was compared: to be compared again.</returns>
    private async Task<bool> TryApplyAsync(PeopleImportId id, List<(int Line, ImportRow Row)> rows, ImportProgress steps, bool isLast, CancellationToken cancellationToken)
    {
        var (import, comparison, mark) = await CompareAsync(id, rows, steps, cancellationToken);
        var changes = comparison.Changes.Prepare();
        return await store.CommitGivingWayAsync(
            async (transaction, token) =>
            {
                // Takes the import's row: another node that applies the same waits here, and then finds it done.
                var taken = await transaction.Db.Set<PeopleImport>().Where(i => i.Id == id && i.State == PeopleImportState.Applying)
                    .ExecuteUpdateAsync(set => set.SetProperty(i => i.ChangedAt, transaction.Now), token);
                if (taken == 0) return true;
                await DirectoryMark.HoldAsync(transaction.Db, token);
                var isSame = await DirectoryMark.ReadAsync(transaction.Db, token) == mark;
                if (!isSame && !isLast) return false;
                import = await transaction.Db.Set<PeopleImport>().FirstAsync(i => i.Id == id, token);
                if (isSame && IsAsPreviewed(import, comparison))
                {
                    steps.Begin(ImportStep.Writing, changes.Rows);
                    await changes.ApplyAsync(transaction.Db, token, steps.Advance);
                    import.State = PeopleImportState.Applied;
                    transaction.Append("directory.imported", DirectoryAccess.ToReaders, new { import = id });
                }
                else
                {
                    (import.State, import.ErrorCode) = (PeopleImportState.Failed, "directory-changed");
                }

                (import.ChangedAt, import.LeaseUntil) = (transaction.Now, null);
                Announce(transaction, import);
                transaction.Record(new AuditDraft(
                    new AuditActor(import.Actor, import.ActorName, null), import.State == PeopleImportState.Applied ? "people-import.applied" : "people-import.refused", $"people-import:{id}", Counts(import)));
                return true;
            },
            cancellationToken);
    }

    /// <summary>Compares the kept lines with the directory of one moment, which the mark stands for.</summary>
    private async Task<(PeopleImport Import, ImportComparison Comparison, DirectoryMark Mark)> CompareAsync(
        PeopleImportId id, List<(int Line, ImportRow Row)> rows, ImportProgress steps, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var snapshot = await DirectoryMark.BeginSnapshotAsync(db, cancellationToken);
        var mark = await DirectoryMark.ReadAsync(db, cancellationToken);
        var import = await db.Set<PeopleImport>().AsNoTracking().FirstAsync(i => i.Id == id, cancellationToken);
        var now = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
        var comparison = new ImportComparison(await DirectoryImage.ReadAsync(db, cancellationToken), id, now, keepsLines: false);
        steps.Begin(ImportStep.Comparing, rows.Count);
        foreach (var (line, row) in rows)
        {
            comparison.Add(line, row);
            steps.Advance(1);
        }

        if (import.FullList) comparison.RemoveOthers(rows.Count == 0 ? 1 : rows[^1].Line);
        return (import, comparison, mark);
    }

    private static int ReadLines(CsvRecords records, string country, ImportComparison comparison, ImportProgress steps, CancellationToken cancellationToken)
    {
        var headings = records.Read() ?? throw new ImportRefusedException("file-empty");
        var columns = ImportColumns.Recognise(headings);
        var count = 0;
        while (records.Read() is { } record)
        {
            if (++count > MostLines) throw new ImportRefusedException("lines-too-many", records.Line);
            if ((count & 0xFF) == 0) cancellationToken.ThrowIfCancellationRequested();
            comparison.Add(records.Line, ImportRow.Read(record, columns, country));
            steps.Advance(1);
        }

        return records.Line;
    }

    private async Task StageAsync(PeopleImportId id, ImportComparison comparison, ImportOptions options, AuditActor actor, string encoding, ImportProgress steps, CancellationToken cancellationToken)
    {
        steps.Begin(ImportStep.Keeping, comparison.Lines.Count);
        await store.CommitAsync(
            (transaction, _) =>
            {
                transaction.Db.Add(new PeopleImport
                {
                    Id = id,
                    State = PeopleImportState.Reading,
                    FileName = options.FileName,
                    Actor = actor.Id,
                    ActorName = actor.Name,
                    FullList = options.FullList,
                    MostRemovedPercent = options.MostRemovedPercent,
                    Country = options.Country,
                    Format = JsonSerializer.Serialize(new { encoding }, EventJson.Options),
                    Lines = comparison.Lines.Count,
                    Added = comparison.Count(PeopleImportAction.Add),
                    Changed = comparison.Count(PeopleImportAction.Change),
                    Unchanged = comparison.Count(PeopleImportAction.Unchanged),
                    Removed = comparison.Count(PeopleImportAction.Remove),
                    Refused = comparison.Count(PeopleImportAction.Refuse),
                    CreatedAt = transaction.Now,
                    ChangedAt = transaction.Now,
                });
                return Task.CompletedTask;
            },
            cancellationToken);
        foreach (var chunk in comparison.Lines.Chunk(LinesPerTransaction))
        {
            await store.CommitAsync((transaction, token) => PeopleImportLines.AddAsync(transaction.Db, chunk, token), cancellationToken);
            steps.Advance(chunk.Length);
        }

        await store.CommitAsync(
            async (transaction, token) =>
            {
                var import = await transaction.Db.Set<PeopleImport>().FirstAsync(i => i.Id == id, token);
                import.State = PeopleImportState.Ready;
                Announce(transaction, import);
                transaction.Record(new AuditDraft(actor, "people-import.previewed", $"people-import:{id}", Counts(import)));
            },
            cancellationToken);
    }

    private async Task<List<(int Line, ImportRow Row)>> ReadRowsAsync(PeopleImportId id, ImportProgress steps, CancellationToken cancellationToken)
    {
        steps.Begin(ImportStep.Reading, null);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var lines = await db.Set<PeopleImportLine>().AsNoTracking().Where(line => line.ImportId == id && line.Content != "{}").OrderBy(line => line.Line)
            .Select(line => new { line.Line, line.Content }).ToListAsync(cancellationToken);
        return lines.ConvertAll(line => (line.Line, JsonSerializer.Deserialize<ImportRow>(line.Content, EventJson.Options)!));
    }

    private static bool IsAsPreviewed(PeopleImport import, ImportComparison comparison) =>
        (import.Added, import.Changed, import.Unchanged, import.Removed, import.Refused) == (
            comparison.Count(PeopleImportAction.Add),
            comparison.Count(PeopleImportAction.Change),
            comparison.Count(PeopleImportAction.Unchanged),
            comparison.Count(PeopleImportAction.Remove),
            comparison.Count(PeopleImportAction.Refuse));

    private static void Announce(CommandTransaction transaction, PeopleImport import) =>
        transaction.Append("people-import.changed", EventVisibility.To(DirectoryAccess.Writers), new { import = import.Id, state = import.State });

    private static object Counts(PeopleImport import) => new { import.Added, import.Changed, import.Unchanged, import.Removed, import.Refused, import.FullList };
}
