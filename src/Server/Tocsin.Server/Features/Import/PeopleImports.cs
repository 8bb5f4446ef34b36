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

namespace Tocsin.Server.Features.Import;

/// <summary>How a file is to be taken.</summary>
/// <param name="FullList">Whoever an earlier import brought and this file does not name is taken out.</param>
/// <param name="MostRemovedPercent">Past this share of the imported people, taking out needs a confirmation of the number.</param>
internal sealed record ImportOptions(string FileName, bool FullList, int MostRemovedPercent, string Country)
{
    public const int UsualMostRemovedPercent = 10;
}

/// <summary>Imports people in two steps: a preview that changes nothing, then all of it in one transaction.</summary>
internal sealed class PeopleImports(CommandStore store, IDbContextFactory<TocsinDbContext> contexts)
{
    private const int MostLines = 200_000;

    // Short transactions, so that an alert raised meanwhile does not wait: SQLite has one writer.
    private const int LinesPerTransaction = 2_000;

    // Another node may be writing one: a preview takes seconds, never this long.
    private static readonly TimeSpan LongestPreview = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<PeopleImportId, string> steps = new();

    /// <summary>What is being done right now while an import is applied in this process: <c>reading</c>, <c>comparing</c>, <c>writing</c>; null otherwise.</summary>
    public string? StepOf(PeopleImportId import) => steps.GetValueOrDefault(import);

    /// <summary>Reads a file, compares it with the directory and keeps the preview.</summary>
    /// <exception cref="ImportRefusedException">The file cannot be imported at all. Nothing is kept.</exception>
    public async Task<PeopleImport> PreviewAsync(Stream file, ImportOptions options, AuditActor actor, CancellationToken cancellationToken)
    {
        var id = new PeopleImportId(Guid.CreateVersion7());
        using var spooled = await ImportFile.SpoolAsync(file, cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var comparison = new ImportComparison(await DirectoryImage.ReadAsync(db, cancellationToken), id, DateTimeOffset.UnixEpoch);
        var lastLine = ReadLines(spooled.Open(), options.Country, comparison, cancellationToken);
        if (options.FullList) comparison.RemoveOthers(lastLine);
        await StageAsync(id, comparison, options, actor, spooled.EncodingName, cancellationToken);
        return await db.Set<PeopleImport>().AsNoTracking().FirstAsync(import => import.Id == id, cancellationToken);
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
                import.State = PeopleImportState.Applying;
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

    /// <summary>Applies an import that was asked for: all of it in one transaction, or, where the directory changed since the preview, none of it.</summary>
    /// <remarks>Safe to call again after a crash, and by two nodes at once: the state decides, under the transaction's lock.</remarks>
    public async Task ApplyAsync(PeopleImportId id, CancellationToken cancellationToken)
    {
        try
        {
            var rows = await ReadRowsAsync(id, cancellationToken);
            await store.CommitAsync((transaction, token) => ApplyAsync(transaction, id, rows, token), cancellationToken);
        }
        finally
        {
            steps.TryRemove(id, out _);
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

    private async Task ApplyAsync(CommandTransaction transaction, PeopleImportId id, List<(int Line, ImportRow Row)> rows, CancellationToken cancellationToken)
    {
        // Takes the import's row: another node that applies the same waits here, and then finds it done.
        var taken = await transaction.Db.Set<PeopleImport>().Where(i => i.Id == id && i.State == PeopleImportState.Applying)
            .ExecuteUpdateAsync(set => set.SetProperty(i => i.ChangedAt, transaction.Now), cancellationToken);
        if (taken == 0) return;
        var import = await transaction.Db.Set<PeopleImport>().FirstAsync(i => i.Id == id, cancellationToken);
        steps[id] = "comparing";
        var comparison = new ImportComparison(await DirectoryImage.ReadAsync(transaction.Db, cancellationToken), id, transaction.Now);
        foreach (var (line, row) in rows) comparison.Add(line, row);
        if (import.FullList) comparison.RemoveOthers(rows.Count == 0 ? 1 : rows[^1].Line);
        if (!IsAsPreviewed(import, comparison))
        {
            (import.State, import.ErrorCode) = (PeopleImportState.Failed, "directory-changed");
        }
        else
        {
            steps[id] = "writing";
            await comparison.Changes.ApplyAsync(transaction.Db, cancellationToken);
            import.State = PeopleImportState.Applied;
            transaction.Append("directory.imported", DirectoryAccess.ToReaders, new { import = id });
        }

        import.ChangedAt = transaction.Now;
        Announce(transaction, import);
        transaction.Record(new AuditDraft(
            new AuditActor(import.Actor, import.ActorName, null), import.State == PeopleImportState.Applied ? "people-import.applied" : "people-import.refused", $"people-import:{id}", Counts(import)));
    }

    private static int ReadLines(CsvRecords records, string country, ImportComparison comparison, CancellationToken cancellationToken)
    {
        var headings = records.Read() ?? throw new ImportRefusedException("file-empty");
        var columns = ImportColumns.Recognise(headings);
        var count = 0;
        while (records.Read() is { } record)
        {
            if (++count > MostLines) throw new ImportRefusedException("lines-too-many", records.Line);
            if ((count & 0xFF) == 0) cancellationToken.ThrowIfCancellationRequested();
            comparison.Add(records.Line, ImportRow.Read(record, columns, country));
        }

        return records.Line;
    }

    private async Task StageAsync(PeopleImportId id, ImportComparison comparison, ImportOptions options, AuditActor actor, string encoding, CancellationToken cancellationToken)
    {
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
            await store.CommitAsync((transaction, token) => PeopleImportLines.AddAsync(transaction.Db, chunk, token), cancellationToken);
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

    private async Task<List<(int Line, ImportRow Row)>> ReadRowsAsync(PeopleImportId id, CancellationToken cancellationToken)
    {
        steps[id] = "reading";
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
