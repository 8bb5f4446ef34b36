using Microsoft.Extensions.Logging;

namespace Tocsin.Alerting.Channels.Sms.Receipts;

/// <summary>Takes one carrier's receipts to the inbox, in terms of the message that they are for.</summary>
/// <remarks>
/// While the form of its ids is being found out, a receipt may be read as one form and turn out to be of another: just after a restart, say, when no id is
/// remembered to compare with. So the last receipts are kept, and given once more when what was found changes.
/// </remarks>
internal sealed class ReceiptIntake(SmsProviderOptions provider, IChannelInbox inbox, TimeProvider time, ILogger logger)
{
    /// <summary>Receipts kept to be read again; about 3 MB. Those before them stay with the inbox under the id that was read then.</summary>
    private const int MostKept = 16_384;

    /// <summary>Given to the inbox together, so that it can write them in one transaction.</summary>
    private const int AtOnce = 500;

    /// <summary>Receipts that may have overtaken an answer: more than can be under way at once. What is older is of texts of one part, or from before a restart.</summary>
    private const int MostEarly = 4_096;

    /// <summary>How long the acknowledgement of a last part is held back for the others. They come within moments of it; a carrier must not be kept longer.</summary>
    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(2);

    private readonly PartLedger ledger = new();
    private readonly MessageIdMatcher ids = new(provider.MessageIdForm);
    private readonly Lock gate = new();

    /// <summary>Empty where the form is configured.</summary>
    private readonly Queue<(CarrierReceipt Receipt, string ReadAs)> last = new();

    /// <summary>Receipts of no part that is known, by id; the queue may name some that are gone.</summary>
    private readonly Dictionary<string, (ReceiptState State, FailureReason? Reason)> early = new(StringComparer.Ordinal);
    private readonly Queue<string> earlyInOrder = new();
    private MessageIdForm readAs = provider.MessageIdForm;

    /// <summary>The carrier accepted one part of a text.</summary>
    public void Add(SplitText text, int part, string partId)
    {
        text.PartIds[part] = partId;
        lock (gate)
        {
            ledger.Add(text, part, partId);
            if (early.Remove(partId, out var came))
                text.Report(part, came.State, came.Reason);
        }
    }

    /// <summary>All parts of the text have their results.</summary>
    public void End(SplitText text, bool accepted)
    {
        if (!accepted)
            ledger.Forget(text);
        text.Submit(accepted);
    }

    /// <summary>The carrier gave this id with an acceptance.</summary>
    public void Remember(string messageId)
    {
        if (messageId.Length > 0)
            ids.Remember(messageId);
    }

    /// <returns>Whether it is kept, or need not be: then it may be acknowledged.</returns>
    public async ValueTask<bool> TakeAsync(CarrierReceipt receipt, CancellationToken cancellationToken)
    {
        try
        {
            await GiveAsync(receipt, cancellationToken);
            await ReadAgainAsync(cancellationToken);
            return true;
        }
        catch (Exception error)
        {
            SmsLog.NotKept(logger, provider.Id, error.GetType().Name);
            return false;
        }
    }

    private async Task TakePartAsync(SplitText text, int part, string partId, ReceiptState state, FailureReason? reason, CancellationToken cancellationToken)
    {
        // A receipt can overtake the answers to the other parts; what it means for the text is not known before them.
        if (!await text.Submitted.WaitAsync(cancellationToken))
        {
            await GiveAsync(partId, state, reason, cancellationToken);
            return;
        }

        var whole = text.Report(part, state, reason);
        if (whole is { State: ReceiptState.Enroute, IsComplete: false } && partId == text.MessageId && state != ReceiptState.Enroute)
        {
            // After a restart only this receipt can speak for the text: the carrier keeps it until the text needs it no more.
            await Task.WhenAny(text.OthersReported, Task.Delay(Hold, time, cancellationToken));
            whole = text.EndWait();
        }

        if (whole.IsLeftToLast)
            return;
        if (whole.State != ReceiptState.Enroute || state == ReceiptState.Enroute)
            await GiveAsync(text.MessageId, whole.State, whole.Reason, cancellationToken);
        if (whole.IsComplete)
            ledger.Forget(text);
    }

    private ValueTask GiveAsync(string? messageId, ReceiptState state, FailureReason? reason, CancellationToken cancellationToken) =>
        inbox.TakeReceiptAsync(new DeliveryReceipt(ChannelKind.Sms, provider.Id, messageId, null, state, reason, time.GetUtcNow()), cancellationToken);

    private Task GiveAsync(CarrierReceipt receipt, CancellationToken cancellationToken) => GiveAsync(receipt, ids.Match(receipt.MessageId), cancellationToken);

    private async Task GiveAsync(CarrierReceipt receipt, string messageId, CancellationToken cancellationToken)
    {
        var (state, reason) = ReceiptMeaning.Of(receipt);
        if (FindOrKeep(messageId, state, reason) is { } part)
        {
            await TakePartAsync(part.Text, part.Part, messageId, state, reason, cancellationToken);
            return;
        }

        await GiveAsync(messageId, state, reason, cancellationToken);
        Keep(receipt, messageId);
    }

    /// <summary>The part that the receipt is of. One that is of none yet is kept: it may have overtaken the carrier's own answer to the submission.</summary>
    private (SplitText Text, int Part)? FindOrKeep(string messageId, ReceiptState state, FailureReason? reason)
    {
        lock (gate)
        {
            if (ledger.Find(messageId) is { } part)
                return part;
            if (state == ReceiptState.Enroute)
                return null;
            if (early.TryAdd(messageId, (state, reason)))
                earlyInOrder.Enqueue(messageId);
            if (earlyInOrder.Count > MostEarly)
                early.Remove(earlyInOrder.Dequeue());
            return null;
        }
    }

    private void Keep(CarrierReceipt receipt, string messageId)
    {
        if (provider.MessageIdForm != MessageIdForm.Detect)
            return;
        lock (gate)
        {
            last.Enqueue((receipt, messageId));
            while (last.Count > MostKept)
                last.Dequeue();
        }
    }

    /// <summary>Gives those of the last receipts once more that are now read differently.</summary>
    private async Task ReadAgainAsync(CancellationToken cancellationToken)
    {
        MessageIdForm before;
        (CarrierReceipt Receipt, string ReadAs)[] receipts;
        lock (gate)
        {
            if (ids.Form == readAs)
                return;
            (before, readAs) = (readAs, ids.Form);
            receipts = [.. last];
            last.Clear();
        }

        try
        {
            if (readAs != MessageIdForm.Same)
                SmsLog.MessageIdFormFound(logger, provider.Id, readAs);
            foreach (var portion in receipts.Chunk(AtOnce))
                await Task.WhenAll(portion.Select(each => GiveAgainAsync(each.Receipt, each.ReadAs, cancellationToken)));
        }
        catch
        {
            lock (gate)
            {
                readAs = before;
                foreach (var receipt in receipts)
                    last.Enqueue(receipt);
            }

            throw;
        }
    }

    private Task GiveAgainAsync(CarrierReceipt receipt, string before, CancellationToken cancellationToken)
    {
        var messageId = ids.Match(receipt.MessageId);
        if (messageId != before)
            return GiveAsync(receipt, messageId, cancellationToken);
        Keep(receipt, before);
        return Task.CompletedTask;
    }
}
