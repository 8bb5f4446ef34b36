using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Deliveries;
using Tocsin.Alerting.Plans;
using Tocsin.Server.Features.Alerts.Answers;
using Tocsin.Server.Features.Channels.TestMessages;
using Tocsin.Server.Features.Push;
using Tocsin.Storage;
using Tocsin.Storage.Alerts;
using Tocsin.Storage.Commands;

namespace Tocsin.Server.Features.Alerts.Receipts;

/// <summary>Applies a batch of news in one transaction: finds whom it is about, locks and loads them, applies it in order, writes what changed.</summary>
internal sealed class NewsBatch(CommandTransaction transaction, AlertCatalog catalog, AlertWakeUps wakeUps)
{
    private readonly TocsinDbContext db = transaction.Db;
    private readonly List<News.AttemptEnded> attempts = [];
    private readonly List<News.NotSent> notSent = [];
    private readonly List<News.TimeRanOut> ranOut = [];
    private readonly List<DeliveryReceipt> receipts = [];
    private readonly List<InboundReply> replies = [];
    private readonly List<News.AnswerCame> answers = [];
    private readonly List<long> repliesRead = [];

    private readonly List<(long Delivery, DeliveryProgress Progress)> progress = [];
    private readonly List<DeliveryAttempt> attemptRecords = [];
    private readonly List<UnmatchedReceipt> unmatched = [];
    private Dictionary<AlertId, AlertNow> alertsNow = [];
    private Dictionary<long, DeliveryInLedger> deliveries = [];
    private Dictionary<long, RecipientInLedger> recipients = [];

    public async Task ApplyAsync(IReadOnlyList<News> news, CancellationToken cancellationToken)
    {
        Sort(news);
        await MatchReceiptsAsync(cancellationToken);
        await MatchRepliesAsync(cancellationToken);
        await LoadAsync(cancellationToken);
        foreach (var attempt in attempts) Apply(attempt);
        foreach (var item in notSent) Apply(item);
        foreach (var item in ranOut) Merge(item.Delivery, new DeliveryProgress(DeliveryState.Expired, item.At, new FailureReason(FailureCodes.Expired)));
        foreach (var (delivery, state) in progress) Merge(delivery, state);
        var ledger = new AnswerLedger(transaction, recipients, deliveries);
        await ledger.ApplyAsync(answers, repliesRead, cancellationToken);
        await JudgeRecipientsAsync(cancellationToken);
        await WriteAsync(ledger, cancellationToken);
    }

    private void Sort(IReadOnlyList<News> news)
    {
        foreach (var item in news)
        {
            switch (item)
            {
                case News.AttemptEnded attempt: attempts.Add(attempt); break;
                case News.NotSent unsent: notSent.Add(unsent); break;
                case News.TimeRanOut late: ranOut.Add(late); break;
                case News.ReceiptCame receipt: receipts.Add(receipt.Receipt); break;
                case News.ReplyCame reply: replies.Add(reply.Reply); break;
                case News.AnswerCame answer: answers.Add(answer); break;
                case News.ReplyRead read: repliesRead.Add(read.Recipient); break;
                default: throw new ArgumentOutOfRangeException(nameof(news));
            }
        }
    }

    /// <summary>Finds the deliveries that receipts speak of. A receipt can come in the same batch as the outcome that it belongs to, or before it.</summary>
    private async Task MatchReceiptsAsync(CancellationToken cancellationToken)
    {
        foreach (var receipt in receipts.Where(receipt => receipt.DeliveryId is not null))
            progress.Add((receipt.DeliveryId!.Value.Value, DeliveryProgress.Of(receipt)));

        var accepted = attempts.Where(attempt => attempt.Outcome is DeliveryOutcome.Accepted { ProviderMessageId: not null })
            .Select(attempt => (Outcome: (DeliveryOutcome.Accepted)attempt.Outcome, Delivery: attempt.Delivery.Id)).ToLookup(attempt => attempt.Outcome.ProviderId, StringComparer.Ordinal);
        var named = receipts.Where(receipt => receipt is { DeliveryId: null, ProviderMessageId: not null }).ToLookup(receipt => receipt.ProviderId, StringComparer.Ordinal);
        foreach (var provider in accepted.Select(group => group.Key).Union(named.Select(group => group.Key), StringComparer.Ordinal))
        {
            var known = new Dictionary<string, long>(StringComparer.Ordinal);
            foreach (var (outcome, delivery) in accepted[provider]) known[outcome.ProviderMessageId!] = delivery;
            if (known.Count > 0)
            {
                foreach (var early in await UnmatchedReceipts.TakeAsync(db, provider, known.Keys, cancellationToken))
                    progress.Add((known[early.ProviderMessageId], DeliveryProgress.Of(early.ToReceipt())));
            }

            await MatchByNameAsync(provider, [.. named[provider]], known, cancellationToken);
        }

        await TestMessageReceipts.TakeAsync(transaction, receipts, unmatched, cancellationToken);
    }

    private async Task MatchByNameAsync(string provider, List<DeliveryReceipt> named, Dictionary<string, long> known, CancellationToken cancellationToken)
    {
        var unknown = named.Select(receipt => receipt.ProviderMessageId!).Where(id => !known.ContainsKey(id)).ToHashSet(StringComparer.Ordinal);
        Dictionary<string, long> found = unknown.Count == 0 ? [] : await DeliveryLedger.FindByProviderAsync(db, provider, unknown, cancellationToken);
        foreach (var receipt in named)
        {
            if (known.TryGetValue(receipt.ProviderMessageId!, out var delivery) || found.TryGetValue(receipt.ProviderMessageId!, out delivery))
                progress.Add((delivery, DeliveryProgress.Of(receipt)));
            else
                unmatched.Add(ToUnmatched(receipt));
        }
    }

    private async Task MatchRepliesAsync(CancellationToken cancellationToken)
    {
        foreach (var reply in replies)
        {
            var match = await ReplyMatching.FindAsync(db, reply, transaction.Now, cancellationToken);
            if (match is null)
            {
                await ReplyMatching.KeepStrayAsync(transaction, reply, cancellationToken);
                continue;
            }

            var alert = await catalog.FindAlertAsync(match.AlertId, cancellationToken);
            if (alert is null) continue;
            answers.Add(ReplyMatching.Read(reply, match, alert, transaction.Now));

            // Whoever answers a message has seen it.
            progress.Add((match.Delivery, new DeliveryProgress(DeliveryState.Read, reply.At)));
        }
    }

    /// <summary>Alerts, then deliveries, then recipients: the order in which every transaction locks them.</summary>
    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        alertsNow = await AlertNow.ReadAsync(
            db, attempts.Where(attempt => attempt.Decision is RetryDecision.TryAgain).Select(attempt => attempt.Delivery.AlertId).Distinct(), cancellationToken);
        var touched = attempts.Select(attempt => attempt.Delivery.Id)
            .Concat(notSent.Select(item => item.Delivery.Id))
            .Concat(ranOut.Select(item => item.Delivery))
            .Concat(progress.Select(item => item.Delivery))
            .ToHashSet();
        if (touched.Count > 0) deliveries = await DeliveryLedger.LoadDeliveriesAsync(db, touched, cancellationToken);
        var answering = answers.Where(answer => answer.Answer.Choice is not null).Select(answer => answer.Answer.RecipientId).ToHashSet();
        if (answering.Count > 0)
        {
            foreach (var (id, delivery) in await DeliveryLedger.LoadOpenOfAsync(db, answering, cancellationToken)) deliveries.TryAdd(id, delivery);
        }

        var people = deliveries.Values.Select(delivery => delivery.RecipientId)
            .Concat(answers.Select(answer => answer.Answer.RecipientId)).Concat(repliesRead).ToHashSet();
        if (people.Count > 0) recipients = await DeliveryLedger.LoadRecipientsAsync(db, people, cancellationToken);
    }

    private void Apply(News.AttemptEnded attempt)
    {
        if (!deliveries.TryGetValue(attempt.Delivery.Id, out var delivery)) return;

        // Otherwise this was applied before, or somebody else has it in hand by now: then it only counts as news.
        var isOurs = delivery.LeaseOwner == attempt.Node && delivery.Attempt == attempt.Delivery.Attempt;
        switch (attempt.Decision)
        {
            case RetryDecision.Done:
                var accepted = (DeliveryOutcome.Accepted)attempt.Outcome;
                delivery.ProviderId = StoredText.Bound(accepted.ProviderId, AlertBounds.ProviderId);
                delivery.ProviderMessageId = StoredText.Bound(accepted.ProviderMessageId, AlertBounds.ProviderMessageId);
                Merge(delivery, new DeliveryProgress(DeliveryState.Accepted, attempt.At));
                break;
            case RetryDecision.TryAgain again when isOurs:
                TryAgain(delivery, again.At, attempt.At);
                break;
            case RetryDecision.GiveUp final:
                Merge(delivery, new DeliveryProgress(final.Final, attempt.At, StoredText.Bound(final.Reason)));
                break;
        }

        delivery.IsTouched = true;
        if (!isOurs) return;
        if (attempt.Outcome is not DeliveryOutcome.Accepted) attemptRecords.Add(RecordOf(attempt));
        delivery.LeaseOwner = null;
    }

    /// <summary>Between the attempt and its outcome the alert may have ended, or changed its words.</summary>
    private void TryAgain(DeliveryInLedger delivery, DateTimeOffset at, DateTimeOffset now)
    {
        delivery.DueAt = at;
        if (!alertsNow.TryGetValue(delivery.AlertId, out var alert) || !alert.Supersedes(delivery.MessageId)) return;
        if (alert.IsActive && alert.IsFirstTelling(delivery.MessageId))
            delivery.MessageId = alert.CurrentMessage;
        else
            Merge(delivery, DeliveryProgress.Withdrawn(now));
    }

    private void Apply(News.NotSent item)
    {
        if (!deliveries.TryGetValue(item.Delivery.Id, out var delivery)) return;
        Merge(delivery, item.Progress);
        if (delivery.LeaseOwner != item.Node || delivery.Attempt != item.Delivery.Attempt) return;
        delivery.IsTouched = true;
        delivery.LeaseOwner = null;
    }

    private void Merge(long delivery, DeliveryProgress news)
    {
        if (deliveries.TryGetValue(delivery, out var known)) Merge(known, news with { Reason = StoredText.Bound(news.Reason) });
    }

    private static void Merge(DeliveryInLedger delivery, DeliveryProgress news)
    {
        delivery.Progress = delivery.Progress.Merge(news);
        if (news.State == DeliveryState.Accepted) delivery.AcceptedAt = Earlier(delivery.AcceptedAt, news.At);
        if (news.State == DeliveryState.Delivered) delivery.DeliveredAt = Earlier(delivery.DeliveredAt, news.At);
        if (news.State == DeliveryState.Read) delivery.ReadAt = Earlier(delivery.ReadAt, news.At);
    }

    /// <summary>What the board says of each person whose deliveries changed. Good news can only raise it; bad news asks what the others did.</summary>
    private async Task JudgeRecipientsAsync(CancellationToken cancellationToken)
    {
        var inDoubt = new HashSet<long>();
        foreach (var delivery in deliveries.Values.Where(delivery => delivery.Progress.State != delivery.Before.State))
        {
            if (!recipients.TryGetValue(delivery.RecipientId, out var recipient) || HasAnswered(recipient.Standing)) continue;
            if (delivery.Progress.State is DeliveryState.Failed or DeliveryState.Expired)
                inDoubt.Add(recipient.Id);
            else if (StandingOf(RecipientProgress.Of(delivery.Progress.State)) is var standing && standing > recipient.Standing)
                recipient.Standing = standing;
        }

        if (inDoubt.Count == 0) return;
        var states = await DeliveryLedger.ReadStatesAsync(db, inDoubt, cancellationToken);
        foreach (var id in inDoubt)
        {
            DeliveryState[] all = [.. states[id].Select(state => deliveries.TryGetValue(state.Delivery, out var news) ? news.Progress.State : state.State)];
            recipients[id].Standing = StandingOf(RecipientProgress.Of(all, hasAnswered: false));
        }
    }

    private async Task WriteAsync(AnswerLedger ledger, CancellationToken cancellationToken)
    {
        var counts = ledger.Counts;
        var changed = deliveries.Values.Where(HasChanged).ToList();
        foreach (var delivery in changed) counts.Move(delivery.AlertId, delivery.Channel, delivery.Before, delivery.Progress);
        foreach (var recipient in recipients.Values) counts.Move(recipient.AlertId, recipient.SiteId, recipient.Before, recipient.Standing);
        await DeliveryLedger.SaveAsync(db, changed, cancellationToken);
        await DeliveryLedger.SaveAsync(db, [.. recipients.Values.Where(recipient => recipient.Standing != recipient.Before || ledger.Changed.Contains(recipient.Id))], cancellationToken);
        await DeliveryLedger.InsertAsync(db, attemptRecords, cancellationToken);
        await DeliveryLedger.InsertAsync(db, ledger.Answers, cancellationToken);
        await DeliveryLedger.InsertAsync(db, unmatched, cancellationToken);
        await counts.WriteAsync(db, cancellationToken);
        await RemoveGoneSubscriptionsAsync(cancellationToken);
        await AppendEventsAsync(ledger, changed, cancellationToken);
        if (changed.Exists(delivery => delivery.Progress.State.IsOpen())) transaction.AfterCommit(wakeUps.PulseDeliveries);
    }

    /// <summary>The next alert does not count on them, and their owners see that this browser gets none.</summary>
    private async Task RemoveGoneSubscriptionsAsync(CancellationToken cancellationToken)
    {
        var gone = attempts.Where(attempt => attempt is { Delivery.Channel: ChannelKind.WebPush, Decision: RetryDecision.GiveUp { Reason.Code: FailureCodes.SubscriptionGone } });
        foreach (var (person, subscription) in gone.Select(attempt => (attempt.Delivery.PersonId, attempt.Delivery.Address)).Distinct())
            await GoneSubscription.RemoveAsync(transaction, person, subscription, cancellationToken);
    }

    private async Task AppendEventsAsync(AnswerLedger ledger, List<DeliveryInLedger> changed, CancellationToken cancellationToken)
    {
        ledger.AppendEvents();
        var rows = changed.Where(delivery => delivery.Progress.State != delivery.Before.State).Select(delivery => (delivery.AlertId, delivery.RecipientId))
            .Concat(ledger.Changed.Select(id => (recipients[id].AlertId, RecipientId: id)))
            .ToLookup(row => row.AlertId, row => row.RecipientId);
        foreach (var alert in rows) await AlertEvents.AppendProgressAsync(transaction, alert.Key, alert.ToHashSet(), cancellationToken);
    }

    private static bool HasChanged(DeliveryInLedger delivery) => delivery.Progress != delivery.Before || delivery.IsTouched;

    private static bool HasAnswered(Standing standing) => standing is Standing.Answered or Standing.NeedsHelp;

    private static Standing StandingOf(RecipientState state) => state switch
    {
        RecipientState.Failed => Standing.Failed,
        RecipientState.NotReached => Standing.NotReached,
        RecipientState.Sent => Standing.Sent,
        RecipientState.Delivered => Standing.Delivered,
        RecipientState.Read => Standing.Read,
        RecipientState.Answered => Standing.Answered,
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    private static DateTimeOffset Earlier(DateTimeOffset? known, DateTimeOffset news) => known is { } at && at <= news ? at : news;

    private static DeliveryAttempt RecordOf(News.AttemptEnded attempt)
    {
        var (result, reason) = attempt.Outcome switch
        {
            DeliveryOutcome.RetryAfter postponed => (AttemptResult.Postponed, postponed.Reason),
            DeliveryOutcome.Rejected rejected => (AttemptResult.Rejected, rejected.Reason),
            DeliveryOutcome.OutcomeUnknown unknown => (AttemptResult.Unknown, unknown.Reason),
            _ => throw new ArgumentOutOfRangeException(nameof(attempt)),
        };
        var bounded = StoredText.Bound(reason);
        return new DeliveryAttempt
        {
            DeliveryId = attempt.Delivery.Id,
            Attempt = attempt.Delivery.Attempt,
            At = attempt.At,
            Result = result,
            FailureCode = bounded.Code,
            CarrierCode = bounded.CarrierCode,
        };
    }

    private UnmatchedReceipt ToUnmatched(DeliveryReceipt receipt) => new()
    {
        Channel = receipt.Channel,
        ProviderId = StoredText.Bound(receipt.ProviderId, AlertBounds.ProviderId)!,
        ProviderMessageId = StoredText.Bound(receipt.ProviderMessageId, AlertBounds.ProviderMessageId)!,
        State = receipt.State,
        FailureCode = StoredText.Bound(receipt.Reason)?.Code,
        CarrierCode = StoredText.Bound(receipt.Reason)?.CarrierCode,
        At = receipt.At,
        ReceivedAt = transaction.Now,
    };
}
