using System.Collections.Concurrent;

namespace Tocsin.Server.Features.Alerts.Board;

/// <summary>Reads what takes long once for all who look at the same time, and again no sooner than in ten times that long. What is read fast is read each time.</summary>
/// <remarks>Numbers by group of an alert to 100,000 people take a quarter of a second; twenty boards that follow its progress must not keep a processor busy with them.</remarks>
internal sealed class CostlyReading<TKey, TValue>(TimeProvider time)
    where TKey : notnull
{
    /// <summary>Below this nothing is kept: what is read is as new as can be.</summary>
    private static readonly TimeSpan Cheap = TimeSpan.FromMilliseconds(50);

    /// <summary>Nobody looks at numbers older than this.</summary>
    private static readonly TimeSpan Oldest = TimeSpan.FromSeconds(5);

    private const int Rest = 10;

    private readonly ConcurrentDictionary<TKey, Lazy<Task<Known>>> known = [];

    /// <param name="read">Goes on for the others when the one who asked leaves.</param>
    public async Task<TValue> GetAsync(TKey key, Func<Task<TValue>> read, CancellationToken cancellationToken)
    {
        var entry = known.GetOrAdd(key, _ => new Lazy<Task<Known>>(() => ReadAsync(key, read)));
        if (entry.Value is { IsCompletedSuccessfully: true } done && time.GetTimestamp() >= done.Result.Until)
        {
            known.TryRemove(KeyValuePair.Create(key, entry));
            entry = known.GetOrAdd(key, _ => new Lazy<Task<Known>>(() => ReadAsync(key, read)));
        }

        return (await entry.Value.WaitAsync(cancellationToken)).Value;
    }

    private async Task<Known> ReadAsync(TKey key, Func<Task<TValue>> read)
    {
        await Task.Yield();
        var started = time.GetTimestamp();
        try
        {
            var value = await read();
            var ended = time.GetTimestamp();
            var took = time.GetElapsedTime(started, ended);
            var rest = took * Rest < Oldest ? took * Rest : Oldest;
            if (took < Cheap) known.TryRemove(key, out _);
            return new Known(value, ended + (long)(rest.TotalSeconds * time.TimestampFrequency));
        }
        catch
        {
            known.TryRemove(key, out _);
            throw;
        }
    }

    private sealed record Known(TValue Value, long Until);
}
