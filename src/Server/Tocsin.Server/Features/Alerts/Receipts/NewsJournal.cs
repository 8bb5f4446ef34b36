using System.Threading.Channels;
using Tocsin.Storage.Commands;

namespace Tocsin.Server.Features.Alerts.Receipts;

/// <summary>Writes news of deliveries and recipients, as many as wait in one transaction. What is awaited is answered after its commit.</summary>
/// <remarks>
/// One commit reaches the disk in the time of one, whether it holds one piece of news or two thousand: so under load the batches grow and the cost of each
/// piece falls, and without load nothing waits. A full queue makes the senders wait, which makes the dispatcher lease no more: memory stays flat.
/// </remarks>
internal sealed partial class NewsJournal(
    CommandStore store, AlertCatalog catalog, AlertWakeUps wakeUps, TimeProvider time, ILogger<NewsJournal> logger) : IHostedService, IDisposable
{
    // A transaction of 2,000 holds SQLite's only writer for some 50 ms, about what a person would not notice. What waits beyond the next batch would only be
    // more to send again after a crash.
    private const int LargestBatch = 2_000;
    private const int LongestQueue = LargestBatch;

    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    private readonly Channel<Entry> queue = Channel.CreateBounded<Entry>(new BoundedChannelOptions(LongestQueue) { SingleReader = true });
    private readonly CancellationTokenSource stop = new();
    private Task loop = Task.CompletedTask;

    /// <summary>Hands news over. It is written as soon as the database takes it; until then the caller's lease stands for it.</summary>
    public ValueTask WriteAsync(News news, CancellationToken cancellationToken) => queue.Writer.WriteAsync(new Entry(news, null), cancellationToken);

    /// <summary>Hands news over and waits until it is durable.</summary>
    /// <exception cref="NewsNotKeptException">It could not be written: whoever sent it should send it again.</exception>
    public async Task CommitAsync(News news, CancellationToken cancellationToken)
    {
        var entry = new Entry(news, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        await queue.Writer.WriteAsync(entry, cancellationToken);
        await entry.Done!.Task.WaitAsync(cancellationToken);
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        loop = Task.Run(() => RunAsync(stop.Token), CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <summary>Writes what waits, then stops.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        queue.Writer.TryComplete();
        await using var giveUp = cancellationToken.Register(stop.Cancel);
        await loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => stop.Dispose();

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        var batch = new List<Entry>(LargestBatch);
        while (await queue.Reader.WaitToReadAsync(cancellationToken))
        {
            while (batch.Count < LargestBatch && queue.Reader.TryRead(out var entry)) batch.Add(entry);
            await WriteAsync(batch, cancellationToken);
            batch.Clear();
        }
    }

    private async Task WriteAsync(List<Entry> batch, CancellationToken cancellationToken)
    {
        while (batch.Count > 0)
        {
            try
            {
                await store.CommitAsync(
                    (transaction, token) => new NewsBatch(transaction, catalog, wakeUps).ApplyAsync([.. batch.Select(entry => entry.News)], token),
                    cancellationToken);
                foreach (var entry in batch) entry.Done?.TrySetResult();
                return;
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                await GiveBackAsync(batch, exception, cancellationToken);
            }
        }
    }

    /// <summary>Whoever waits is told, and keeps it to send again; the rest is tried again: it is the only word of what carriers did.</summary>
    private async Task GiveBackAsync(List<Entry> batch, Exception exception, CancellationToken cancellationToken)
    {
        NotWritten(logger, batch.Count, exception.GetType().Name);
        foreach (var entry in batch) entry.Done?.TrySetException(new NewsNotKeptException(exception));
        batch.RemoveAll(entry => entry.Done is not null);
        if (batch.Count > 0) await Task.Delay(PauseAfterFailure, time, cancellationToken);
    }

    private readonly record struct Entry(News News, TaskCompletionSource? Done);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Count} pieces of news could not be written ({Failure}); trying again")]
    private static partial void NotWritten(ILogger logger, int count, string failure);
}

/// <summary>News was not kept: a carrier's receipt must not be acknowledged, a person's answer must be sent again.</summary>
internal sealed class NewsNotKeptException(Exception inner) : Exception("The news could not be written.", inner);
