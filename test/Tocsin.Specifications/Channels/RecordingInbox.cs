using System.Collections.Concurrent;
using Tocsin.Alerting.Channels;

namespace Tocsin.Specifications.Channels;

/// <summary>An inbox that keeps all that it is given, and can be made to fail as a full disk would.</summary>
public sealed class RecordingInbox : IChannelInbox
{
    private readonly ConcurrentQueue<DeliveryReceipt> receipts = new();
    private readonly ConcurrentQueue<InboundReply> replies = new();
    private int failures;

    /// <summary>Receipts offered, in order, also those that it failed to keep.</summary>
    public IReadOnlyList<DeliveryReceipt> Receipts => [.. receipts];

    /// <summary>Replies offered, in order, also those that it failed to keep.</summary>
    public IReadOnlyList<InboundReply> Replies => [.. replies];

    /// <summary>The next calls throw.</summary>
    public void FailNext(int calls) => Volatile.Write(ref failures, calls);

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

    private ValueTask Answer()
    {
        if (Volatile.Read(ref failures) <= 0)
            return ValueTask.CompletedTask;
        Interlocked.Decrement(ref failures);
        return ValueTask.FromException(new IOException("The test made this inbox fail."));
    }
}
