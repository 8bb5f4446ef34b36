using Tocsin.Storage;
using Tocsin.Storage.Events;
using Tocsin.Storage.PostgreSql;
using Tocsin.Storage.Schema;

namespace Tocsin.Server.Features.Events;

/// <summary>On PostgreSQL, hears of events that other nodes committed. A broken connection is made again.</summary>
internal sealed partial class NodeNotificationService(
    DatabaseOptions database, EventLog log, EventSignal signal, TimeProvider time, ILogger<NodeNotificationService> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (database.Kind == DatabaseKind.PostgreSql && !stoppingToken.IsCancellationRequested)
        {
            try
            {
                await NodeNotification.ListenAsync(database, log, signal, stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                ListeningBroken(logger, exception.GetType().Name);
                await Task.Delay(Pause, time, stoppingToken);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Other nodes cannot be heard ({Failure}); trying again")]
    private static partial void ListeningBroken(ILogger logger, string failure);
}
