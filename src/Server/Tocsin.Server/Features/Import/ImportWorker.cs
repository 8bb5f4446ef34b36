using System.Threading.Channels;
using Tocsin.Storage.Directory;

namespace Tocsin.Server.Features.Import;

/// <summary>Applies imports one after another, and those that a crash left behind, be it of another node.</summary>
internal sealed class ImportWorker(PeopleImports imports, TimeProvider time, ILogger<ImportWorker> logger) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);

    private readonly Channel<PeopleImportId> queue = Channel.CreateBounded<PeopleImportId>(64);

    /// <summary>Wakes the worker. Lost in a crash, which the start makes good: the request itself is in the database.</summary>
    public void Wake(PeopleImportId import) => queue.Writer.TryWrite(import);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await imports.CloseInterruptedAsync(stoppingToken);
        await imports.ReleaseAllAsync(stoppingToken);
        await Task.WhenAll(LookAsync(stoppingToken), WorkAsync(stoppingToken));
    }

    private async Task WorkAsync(CancellationToken stoppingToken)
    {
        await foreach (var import in queue.Reader.ReadAllAsync(stoppingToken)) await ApplyAsync(import, stoppingToken);
    }

    /// <summary>Finds what a crash left behind: at the start one's own, and then and again that of another node.</summary>
    private async Task LookAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery, time);
        do
        {
            try
            {
                foreach (var waiting in await imports.ReadWaitingAsync(stoppingToken)) Wake(waiting);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                logger.LogWarning("Imports that wait could not be read ({Reason}); trying again", exception.GetType().Name);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
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

    /// <summary>Where the database itself is what broke, the import stays asked for and is tried again once its lease has run out.</summary>
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
