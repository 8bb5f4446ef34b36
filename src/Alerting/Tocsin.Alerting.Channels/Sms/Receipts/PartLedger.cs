namespace Tocsin.Alerting.Channels.Sms.Receipts;

/// <summary>Joins the receipts of the parts of one text: delivered when all are, failed as soon as one is.</summary>
/// <remarks>
/// Kept in memory, for texts of several parts only. The text goes by the id of its last part, so that after a restart the receipt of that part still speaks
/// for it; the receipts of the others then name ids that nobody knows.
/// </remarks>
/// <param name="mostParts">Parts remembered; past that the oldest are forgotten, as by a restart. 200,000 take about 40 MB.</param>
internal sealed class PartLedger(int mostParts = 200_000)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, (SplitText Text, int Part)> parts = new(StringComparer.Ordinal);

    /// <summary>May name parts that are gone from <see cref="parts"/>; holds at most twice as many.</summary>
    private readonly Queue<string> oldest = new();

    public int Count
    {
        get
        {
            lock (gate)
                return parts.Count;
        }
    }

    public void Add(SplitText text, int part, string partId)
    {
        lock (gate)
        {
            parts[partId] = (text, part);
            oldest.Enqueue(partId);
            while (parts.Count > mostParts || oldest.Count > 2 * mostParts)
                parts.Remove(oldest.Dequeue());
        }
    }

    /// <summary>Whose part it is; null for an id that is no part's.</summary>
    public (SplitText Text, int Part)? Find(string partId)
    {
        lock (gate)
            return parts.TryGetValue(partId, out var found) ? found : null;
    }

    /// <summary>Forgets a text's parts: all have been reported on, or it was never accepted.</summary>
    public void Forget(SplitText text)
    {
        lock (gate)
        {
            foreach (var id in text.PartIds)
            {
                if (id is not null && parts.TryGetValue(id, out var found) && found.Text == text)
                    parts.Remove(id);
            }
        }
    }
}

/// <summary>One text in several parts, from its submission to the last receipt.</summary>
internal sealed class SplitText(int parts)
{
    private readonly Lock gate = new();
    private readonly (ReceiptState State, FailureReason? Reason)[] reported = new (ReceiptState, FailureReason?)[parts];
    private readonly TaskCompletionSource<bool> submitted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly TaskCompletionSource told = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes once the inbox has kept what became of the whole text.</summary>
    public Task Told => told.Task;

    /// <summary>Set by the submission, each once, before its part can be found in the ledger.</summary>
    public string?[] PartIds { get; } = new string?[parts];

    /// <summary>True once all parts are accepted; false where one was not. Until then no receipt of a part means anything for the whole.</summary>
    public Task<bool> Submitted => submitted.Task;

    public string? MessageId => PartIds[^1];

    public void Tell() => told.TrySetResult();

    public void Submit(bool accepted) => submitted.TrySetResult(accepted);

    /// <summary>Takes a part's receipt; the same one again changes nothing, and a final state stays.</summary>
    /// <returns>What can now be said of the whole text, and whether nothing more is to be expected.</returns>
    public (ReceiptState State, FailureReason? Reason, bool IsComplete) Report(int part, ReceiptState state, FailureReason? reason)
    {
        lock (gate)
        {
            if (reported[part].State == ReceiptState.Enroute)
                reported[part] = (state, reason);
            var complete = Array.TrueForAll(reported, each => each.State != ReceiptState.Enroute);
            var failed = Array.Find(reported, each => each.State is ReceiptState.Failed or ReceiptState.Expired);
            if (failed.State != ReceiptState.Enroute)
                return (failed.State, failed.Reason, complete);
            return (complete ? ReceiptState.Delivered : ReceiptState.Enroute, null, complete);
        }
    }
}
