namespace Tocsin.Alerting.Channels.Sms;

/// <summary>How long to wait before the next connection to a carrier: doubled with each failure, capped, and spread by chance so that many do not come back at once.</summary>
internal sealed class ReconnectDelay(Random random)
{
    /// <summary>Half a second: an emergency system comes back fast; twice that often would be a burden to a carrier that is starting.</summary>
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>A refused bind is most often a wrong password, and carriers lock accounts that try too fast.</summary>
    private static readonly TimeSpan AfterRefusal = TimeSpan.FromSeconds(10);

    private int failures;

    public void Reset() => failures = 0;

    public TimeSpan Next(string reason)
    {
        var doubled = First * Math.Pow(2, Math.Min(failures++, 10));
        var delay = doubled < Longest ? doubled : Longest;
        if (reason == SmsReasons.BindRefused && delay < AfterRefusal)
            delay = AfterRefusal;
        return delay * (0.5 + (0.5 * random.NextDouble()));
    }
}
