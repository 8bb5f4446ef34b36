namespace Tocsin.Server.Features.Events;

/// <summary>Runs the event tail for the life of the host; a database that is away for a moment is waited for.</summary>
internal sealed partial class EventTailService(EventTail tail, TimeProvider time, ILogger<EventTailService> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await tail.InitialiseAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await tail.RunAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                TailBroken(logger, exception.GetType().Name);
                await Task.Delay(Pause, time, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The event log could not be read ({Failure}); trying again")]
    private static partial void TailBroken(ILogger logger, string failure);
}
