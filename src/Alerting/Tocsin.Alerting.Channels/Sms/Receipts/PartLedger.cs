namespace Tocsin.Alerting.Channels.Sms.Receipts;

/// <summary>Joins the receipts of the parts of one text: delivered when all are, failed as soon as one is.</summary>
/// <remarks>
/// Kept in memory, for texts of several parts only. The text goes by the id of its last part, so that after a restart the receipt of that part still speaks
/// for it; the receipts of the others then name ids that nobody knows.
/// </remarks>
/// <param name="mostParts">Parts remembered; past that the oldest are forgotten, as by a restart. 200,000 take about 60 MB.</param>
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

    private readonly TaskCompletionSource othersReported = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The receipt of the last part waits to be told that those of the others are there, and will then speak for the whole.</summary>
    private bool lastWaits;

    public Task OthersReported => othersReported.Task;

    /// <summary>Set by the submission, each once, before its part can be found in the ledger.</summary>
    public string?[] PartIds { get; } = new string?[parts];

    /// <summary>True once all parts are accepted; false where one was not. Until then no receipt of a part means anything for the whole.</summary>
    public Task<bool> Submitted => submitted.Task;

    public string? MessageId => PartIds[^1];

    public void Submit(bool accepted) => submitted.TrySetResult(accepted);

    /// <summary>
    /// Takes a part's receipt; the same one again changes nothing, and a final state stays. After the last part's, where others are missing: wait for
    /// <see cref="OthersReported"/>, then ask <see cref="EndWait"/>.
    /// </summary>
    public WholeText Report(int part, ReceiptState state, FailureReason? reason)
    {
        lock (gate)
        {
            if (reported[part].State == ReceiptState.Enroute)
                reported[part] = (state, reason);
            var whole = Whole();
            if (whole is { IsComplete: true, State: ReceiptState.Delivered } && lastWaits)
            {
                othersReported.TrySetResult();
                return whole with { IsLeftToLast = true };
            }

            lastWaits = lastWaits || (part == reported.Length - 1 && whole.State == ReceiptState.Enroute && state != ReceiptState.Enroute);
            return whole;
        }
    }

    /// <summary>The last part's receipt waits no longer: whoever completes the text from now on speaks for it.</summary>
    public WholeText EndWait()
    {
        lock (gate)
        {
            lastWaits = false;
            return Whole();
        }
    }

    private WholeText Whole()
    {
        var complete = Array.TrueForAll(reported, each => each.State != ReceiptState.Enroute);
        var failed = Array.Find(reported, each => each.State is ReceiptState.Failed or ReceiptState.Expired);
        return failed.State != ReceiptState.Enroute
            ? new WholeText(failed.State, failed.Reason, complete)
            : new WholeText(complete ? ReceiptState.Delivered : ReceiptState.Enroute, null, complete);
    }
}

/// <summary>What can be said of a whole text.</summary>
/// <param name="IsComplete">Nothing more is to be expected.</param>
/// <param name="IsLeftToLast">The receipt of the last part, which waits, will say it.</param>
internal readonly record struct WholeText(ReceiptState State, FailureReason? Reason, bool IsComplete, bool IsLeftToLast = false);
