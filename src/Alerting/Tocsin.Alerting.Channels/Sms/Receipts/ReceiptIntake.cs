using Microsoft.Extensions.Logging;

namespace Tocsin.Alerting.Channels.Sms.Receipts;

/// <summary>Takes one carrier's receipts to the inbox, in terms of the message that they are for.</summary>
internal sealed class ReceiptIntake(SmsProviderOptions provider, IChannelInbox inbox, TimeProvider time, ILogger logger)
{
    private readonly PartLedger ledger = new();
    private readonly MessageIdMatcher ids = new(provider.MessageIdForm);

    /// <summary>The carrier accepted one part of a text.</summary>
    public void Add(SplitText text, int part, string partId)
    {
        text.PartIds[part] = partId;
        ledger.Add(text, part, partId);
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
            var messageId = Match(receipt.MessageId);
            var (state, reason) = ReceiptMeaning.Of(receipt);
            if (ledger.Find(messageId) is not { } part)
                await GiveAsync(messageId, state, reason, cancellationToken);
            else
                await TakePartAsync(part.Text, part.Part, messageId, state, reason, cancellationToken);
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
        if (whole.State != ReceiptState.Enroute || state == ReceiptState.Enroute)
            await GiveAsync(text.MessageId, whole.State, whole.Reason, cancellationToken);
        if (whole.IsComplete)
            ledger.Forget(text);
    }

    private ValueTask GiveAsync(string? messageId, ReceiptState state, FailureReason? reason, CancellationToken cancellationToken) =>
        inbox.TakeReceiptAsync(new DeliveryReceipt(ChannelKind.Sms, provider.Id, messageId, null, state, reason, time.GetUtcNow()), cancellationToken);

    private string Match(string receiptedId)
    {
        var before = ids.Form;
        var matched = ids.Match(receiptedId);
        if (before != ids.Form && ids.Form != MessageIdForm.Same)
            SmsLog.MessageIdFormFound(logger, provider.Id, ids.Form);
        return matched;
    }
}
