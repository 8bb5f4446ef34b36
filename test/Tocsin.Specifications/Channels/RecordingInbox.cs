using System.Collections.Concurrent;
using Tocsin.Alerting.Channels;

namespace Tocsin.Specifications.Channels;

/// <summary>An inbox that keeps all that it is given, and can be made to fail as a full disk would.</summary>
public sealed class RecordingInbox : IChannelInbox
{
    private readonly ConcurrentQueue<DeliveryReceipt> receipts = new();
    private readonly ConcurrentQueue<InboundReply> replies = new();
    private int failures;
    private volatile Task holdUp = Task.CompletedTask;

    /// <summary>Receipts offered, in order, also those that it failed to keep.</summary>
    public IReadOnlyList<DeliveryReceipt> Receipts => [.. receipts];

    /// <summary>Replies offered, in order, also those that it failed to keep.</summary>
    public IReadOnlyList<InboundReply> Replies => [.. replies];

    /// <summary>The next calls throw.</summary>
    public void FailNext(int calls) => Volatile.Write(ref failures, calls);

    /// <summary>Keeps nothing, and answers nothing, until the result is disposed of: a slow disk.</summary>
    public IDisposable HoldUp()
    {
        var release = new Release();
        holdUp = release.Completed;
        return release;
    }

    public ValueTask TakeReceiptAsync(DeliveryReceipt receipt, CancellationToken cancellationToken)
    {
        receipts.Enqueue(receipt);
        return Answer();
    }

    public ValueTask TakeReplyAsync(InboundReply reply, CancellationToken cancellationToken)
    {
        replies.Enqueue(reply);
        return Answer();
    }

    private async ValueTask Answer()
    {
        await holdUp;
        if (Volatile.Read(ref failures) <= 0)
            return;
        Interlocked.Decrement(ref failures);
        throw new IOException("The test made this inbox fail.");
    }

    private sealed class Release : IDisposable
    {
        private readonly TaskCompletionSource completed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Completed => completed.Task;

        public void Dispose() => completed.TrySetResult();
    }
}
