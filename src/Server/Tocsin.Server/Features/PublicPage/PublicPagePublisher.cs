using Microsoft.EntityFrameworkCore;
using Tocsin.Server.Features.Events;
using Tocsin.Server.Hosting;
using Tocsin.Storage;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Events;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Features.PublicPage;

/// <summary>Keeps the public page as it should be: written anew when something that may stand on it changed.</summary>
/// <remarks>It follows the event stream, so each node writes its own directory, whichever node published. Where nothing is configured it does nothing.</remarks>
internal sealed partial class PublicPagePublisher(
    EventTail tail, IDbContextFactory<TocsinDbContext> contexts, TocsinOptions options, ServerAddress server, TimeProvider time, ILogger<PublicPagePublisher> logger) : BackgroundService
{
    private static readonly EventReader everything = new(Roles.All, default);

    // As an alert goes on, answers and progress come in their thousands: of alerts only these change what the public reads.
    private static readonly string[] kinds =
        ["bulletin.published", "bulletin.ended", "alert.raised", "alert.followed-up", "alert.expired", "public-page.changed", "settings.changed"];

    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(5);

    private volatile PublicSite? current;

    /// <summary>Where people find it, with a trailing slash.</summary>
    private Uri Address => AddressOf(options, server);

    public static Uri AddressOf(TocsinOptions options, ServerAddress server) =>
        new((options.PublicPage.Address ?? $"{server.Public.AbsoluteUri.TrimEnd('/')}/public").TrimEnd('/') + "/");

    /// <summary>The page as it is now in the database.</summary>
    public async Task<PublicSite> RenderAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return PublicSite.Render(await PublicContent.ReadAsync(db, time, cancellationToken), Address);
    }

    /// <summary>The page as it was last written; strangers make no work for the database.</summary>
    public async ValueTask<PublicSite> CurrentAsync(CancellationToken cancellationToken)
    {
        if (current is { } written) return written;

        // Until the first was written. What was written while this one was read is at least as new, and stays.
        var site = await RenderAsync(cancellationToken);
        return Interlocked.CompareExchange(ref current, site, null) ?? site;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.PublicPage.Serve && options.PublicPage.Directory is null) return;
        WriteGate.BeUnhurried();
        var after = tail.Head;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await PublishAsync(stoppingToken);
                await foreach (var batch in tail.ReadAsync(everything, after, stoppingToken))
                {
                    if (batch.Reset || batch.Events.Any(sent => kinds.Contains(sent.Kind, StringComparer.Ordinal))) await PublishAsync(stoppingToken);
                    after = batch.Through;
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                NotWritten(logger, exception.GetType().Name);
                await Task.Delay(PauseAfterFailure, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task PublishAsync(CancellationToken cancellationToken)
    {
        var site = await RenderAsync(cancellationToken);
        current = site;
        if (options.PublicPage.Directory is { } directory) await site.WriteAsync(Path.GetFullPath(directory), cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The public page could not be written ({Failure}); trying again")]
    private static partial void NotWritten(ILogger logger, string failure);
}
