namespace Tocsin.Server.Features.Meetings.Calls;

/// <summary>Tells those whose media no longer come, as where UDP is blocked in mid-call: half a second after it is certain at the latest.</summary>
internal sealed class SilenceWatch(CallRegistry calls, TimeProvider time) : BackgroundService
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(0.5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var call in calls.Current)
            {
                if (call.ParticipantCount > 0) call.Media.TellSilences();
            }
        }
    }
}
