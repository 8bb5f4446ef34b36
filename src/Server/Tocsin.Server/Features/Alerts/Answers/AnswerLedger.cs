using Tocsin.Alerting;
using Tocsin.Alerting.Answers;
using Tocsin.Alerting.Deliveries;
using Tocsin.Alerting.Plans;
using Tocsin.Server.Features.Alerts.Receipts;
using Tocsin.Storage.Alerts;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Commands;

namespace Tocsin.Server.Features.Alerts.Answers;

/// <summary>Applies a batch's answers to recipients that are loaded: the last answer counts, all are kept, and what has become needless is withdrawn.</summary>
internal sealed class AnswerLedger(
    CommandTransaction transaction, IReadOnlyDictionary<long, RecipientInLedger> recipients, IReadOnlyDictionary<long, DeliveryInLedger> deliveries)
{
    // Single answers are shown as they come; of a flood, one line in the event with the numbers says enough.
    private const int MostNoticed = 20;

    private readonly List<AnswerNotice> notices = [];

    public CountChanges Counts { get; } = new();

    public List<AnswerRecord> Answers { get; } = [];

    /// <summary>Recipients of whom more than the standing changed.</summary>
    public HashSet<long> Changed { get; } = [];

    public async Task ApplyAsync(IReadOnlyList<News.AnswerCame> news, IReadOnlyList<long> repliesRead, CancellationToken cancellationToken)
    {
        if (news.Count > 0)
        {
            var known = await AnswerKeys.ReadAsync(transaction.Db, news.Select(item => item.Answer.RecipientId).ToHashSet(), cancellationToken);
            foreach (var item in news)
            {
                if (recipients.TryGetValue(item.Answer.RecipientId, out var recipient) && known.Add((recipient.Id, item.Answer.DeduplicationKey)))
                    Apply(item, recipient);
            }
        }

        foreach (var id in repliesRead)
        {
            if (recipients.TryGetValue(id, out var recipient)) MarkUnread(recipient, false);
        }
    }

    public void AppendEvents()
    {
        foreach (var alert in notices.GroupBy(notice => recipients[notice.RecipientId.Value].AlertId))
        {
            var latest = alert.TakeLast(MostNoticed).ToList();
            transaction.Append(AlertEvents.Answered, AlertEvents.Board, new AlertAnswered(alert.Key, latest, alert.Count() - latest.Count));
        }
    }

    private void Apply(News.AnswerCame news, RecipientInLedger recipient)
    {
        var answer = news.Answer;
        answer.ReceivedAt = transaction.Now;
        Answers.Add(answer);
        if (news.EnteredBy is { } actor)
            transaction.Record(new AuditDraft(actor, "answer.entered", $"recipient:{recipient.Id}", new { alert = recipient.AlertId, answer.Choice }));
        Changed.Add(recipient.Id);
        if (answer.Choice is null)
            MarkUnread(recipient, true);
        else if (Supersedes(answer, recipient))
            Choose(news, recipient);
        notices.Add(new AnswerNotice(
            new RecipientId(recipient.Id), recipient.PersonId, answer.Choice, recipient.Standing, answer.Via, answer.Comment is not null, answer.At));
    }

    private static bool Supersedes(AnswerRecord answer, RecipientInLedger recipient) =>
        recipient.AnswerChoice is not { } current || recipient.AnsweredAt is not { } at
        || new GivenAnswer(answer.Choice!, answer.At, 1).Supersedes(new GivenAnswer(current, at, 0));

    private void Choose(News.AnswerCame news, RecipientInLedger recipient)
    {
        var answer = news.Answer;
        if (recipient.AnswerChoice is { } before) Counts.Add(recipient.AlertId, AlertCountKind.Answer, before, -1);
        Counts.Add(recipient.AlertId, AlertCountKind.Answer, answer.Choice!, 1);
        recipient.AnswerChoice = answer.Choice;
        recipient.AnsweredAt = answer.At;
        recipient.AnsweredVia = answer.Via;
        recipient.Standing = news.NeedsHelp ? Standing.NeedsHelp : Standing.Answered;
        foreach (var delivery in deliveries.Values.Where(delivery => delivery.RecipientId == recipient.Id)) WithdrawIfNeedless(delivery);
    }

    /// <summary>What a node has in hand finishes; its outcome finds the recipient answered.</summary>
    private void WithdrawIfNeedless(DeliveryInLedger delivery)
    {
        if (!delivery.Progress.State.IsOpen() || delivery.LeaseOwner is not null || delivery.Condition.Holds(RecipientState.Answered)) return;
        delivery.Progress = delivery.Progress.Merge(DeliveryProgress.Withdrawn(transaction.Now));
    }

    private void MarkUnread(RecipientInLedger recipient, bool isUnread)
    {
        if (recipient.HasUnreadReply == isUnread) return;
        recipient.HasUnreadReply = isUnread;
        Changed.Add(recipient.Id);
        Counts.Add(recipient.AlertId, AlertCountKind.UnreadReply, "", isUnread ? 1 : -1);
    }
}
