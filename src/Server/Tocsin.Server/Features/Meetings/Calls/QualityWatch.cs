namespace Tocsin.Server.Features.Meetings.Calls;

/// <summary>Tells every call, every two seconds, whose connection has become better or worse.</summary>
internal sealed partial class QualityWatch(CallRegistry calls, TimeProvider time, ILogger<QualityWatch> logger) : BackgroundService
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var call in calls.Current)
            {
                try
                {
                    using (await call.EnterAsync(stoppingToken)) await call.TellQualityAsync();
                }
                catch (Exception exception) when (exception is not OperationCanceledException)
                {
                    NotJudged(logger, exception.GetType().Name);
                }
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The connections of a call could not be judged: {Kind}.")]
    private static partial void NotJudged(ILogger logger, string kind);
}
