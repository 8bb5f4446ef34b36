using Microsoft.EntityFrameworkCore;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Model;
using Tocsin.Storage.Rooms;

namespace Tocsin.Server.Access;

/// <summary>Deletes sessions, API tokens and set-up links a month after they ended, and who asked in vain to be let into a room as soon as their link has. That they were, and who ended them, stays in the audit trail.</summary>
internal sealed partial class AccessHousekeeping(CommandStore store, TimeProvider time, ILogger<AccessHousekeeping> logger) : BackgroundService
{
    private static readonly TimeSpan kept = TimeSpan.FromDays(30);
    private static readonly TimeSpan interval = TimeSpan.FromHours(6);

    /// <returns>How many rows went.</returns>
    public Task<int> RunAsync(CancellationToken cancellationToken) => store.CommitAsync(DeleteEndedAsync, cancellationToken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await TryRunAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    private static async Task<int> DeleteEndedAsync(CommandTransaction transaction, CancellationToken cancellationToken)
    {
        var before = transaction.Now - kept;
        return await transaction.Db.Set<Session>().Where(s => s.RevokedAt < before || s.ExpiresAt < before).ExecuteDeleteAsync(cancellationToken)
            + await transaction.Db.Set<ApiToken>().Where(t => t.RevokedAt < before || t.ExpiresAt < before).ExecuteDeleteAsync(cancellationToken)
            + await transaction.Db.Set<RoomGuest>().Where(g => g.AdmittedAt == null && g.ExpiresAt < transaction.Now).ExecuteDeleteAsync(cancellationToken)
            + await transaction.Db.Set<SetupLink>().Where(l => l.UsedAt < before || l.RevokedAt < before || l.ExpiresAt < before).ExecuteDeleteAsync(cancellationToken);
    }

    private async Task TryRunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await RunAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            NotDeleted(logger, exception.GetType().Name);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Ended sessions could not be deleted ({Failure}); trying again later")]
    private static partial void NotDeleted(ILogger logger, string failure);
}
