using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Tocsin.Storage;
using Tocsin.Storage.Directory;

namespace Tocsin.Server.Features.Import;

/// <summary>Applies imports one after another, and on start those that a crash left behind.</summary>
internal sealed class ImportWorker(PeopleImports imports, IDbContextFactory<TocsinDbContext> contexts, ILogger<ImportWorker> logger) : BackgroundService
{
    private readonly Channel<PeopleImportId> queue = Channel.CreateBounded<PeopleImportId>(64);

    /// <summary>Wakes the worker. Lost in a crash, which the start makes good: the request itself is in the database.</summary>
    public void Wake(PeopleImportId import) => queue.Writer.TryWrite(import);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await imports.CloseInterruptedAsync(stoppingToken);
        await using (var db = await contexts.CreateDbContextAsync(stoppingToken))
        {
            foreach (var left in await db.Set<PeopleImport>().Where(i => i.State == PeopleImportState.Applying).Select(i => i.Id).ToListAsync(stoppingToken)) Wake(left);
        }

        await foreach (var import in queue.Reader.ReadAllAsync(stoppingToken)) await ApplyAsync(import, stoppingToken);
    }

    private async Task ApplyAsync(PeopleImportId import, CancellationToken stoppingToken)
    {
        try
        {
            await imports.ApplyAsync(import, stoppingToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // Nothing of it was kept. The message may hold a name or number: only its kind is logged.
            logger.LogError("Import {Import} could not be applied: {Reason}", import, exception.GetType().Name);
            await TryFailAsync(import, stoppingToken);
        }
    }
    /// <summary>Where the database itself is what broke, the import stays asked for and is tried again at the next start.</summary>
    private async Task TryFailAsync(PeopleImportId import, CancellationToken stoppingToken)
    {
        try
        {
            await imports.FailAsync(import, stoppingToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            logger.LogError("Import {Import} could not be ended: {Reason}", import, exception.GetType().Name);
        }
    }
}
