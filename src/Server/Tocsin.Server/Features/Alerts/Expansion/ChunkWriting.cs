using Tocsin.Alerting;
using Tocsin.Alerting.Deliveries;
using Tocsin.Alerting.Plans;
using Tocsin.Server.Features.Alerts.Timers;
using Tocsin.Storage.Alerts;
using Tocsin.Storage.Commands;

namespace Tocsin.Server.Features.Alerts.Expansion;

/// <summary>Writes one chunk of a wave in its transaction: new recipients, their deliveries, and more deliveries for recipients there are.</summary>
internal sealed class ChunkWriting(CommandTransaction transaction, Alert alert, WavePayload wave, long message)
{
    private readonly List<Recipient> recipients = [];
    private readonly List<RecipientInLedger> changed = [];
    private readonly List<(Recipient? New, long Existing, PlannedMessage Message)> messages = [];
    private readonly CountChanges counts = new();

    // Once an alert is over, whoever had not been written yet stands on the board as not reached.
    private readonly bool tells = alert.State == AlertState.Active;

    public async Task WriteAsync(IReadOnlyList<PlannedPerson> people, CancellationToken cancellationToken)
    {
        var db = transaction.Db;
        Dictionary<PersonId, RecipientInLedger> existing = wave.Wave == 0
            ? []
            : await AlertAudiences.FindRecipientsAsync(db, alert.Id, people.Select(planned => planned.Person.Id), cancellationToken);
        var open = wave.Kind == WaveKind.Tell ? [] : await AlertAudiences.ReadOpenAddressesAsync(db, existing.Values.Select(recipient => recipient.Id), cancellationToken);
        foreach (var planned in people)
        {
            if (existing.TryGetValue(planned.Person.Id, out var recipient))
                TellAgain(recipient, planned, open);
            else if (wave.Kind == WaveKind.Tell)
                Tell(planned);
        }

        await InsertAsync(cancellationToken);
        await DeliveryLedger.SaveAsync(db, changed, cancellationToken);
        await counts.WriteAsync(db, cancellationToken);
        if (recipients.Count + messages.Count == 0) return;
        var touched = recipients.Select(added => added.Id).Concat(messages.Where(m => m.New is null).Select(m => m.Existing)).ToHashSet();
        await AlertEvents.AppendProgressAsync(transaction, alert.Id, touched, cancellationToken);
    }

    private void Tell(PlannedPerson planned)
    {
        var standing = planned.Unreachable is null || !tells ? Standing.NotReached : Standing.Failed;
        var recipient = new Recipient
        {
            AlertId = alert.Id,
            PersonId = planned.Person.Id,
            Wave = wave.Wave,
            Name = planned.Person.Name,
            Language = planned.Person.Language,
            SiteId = planned.Person.Site,
            Standing = standing,
            Unreachable = planned.Unreachable,
        };
        recipients.Add(recipient);
        counts.Move(alert.Id, recipient.SiteId, null, standing);
        if (!tells) return;
        foreach (var wanted in planned.Messages) messages.Add((recipient, 0, wanted));
    }

    private void TellAgain(RecipientInLedger recipient, PlannedPerson planned, HashSet<(long Recipient, Alerting.Channels.ChannelKind Channel, string Address)> open)
    {
        var hasAnswered = recipient.Standing is Standing.Answered or Standing.NeedsHelp;
        if (!tells || wave.Kind == WaveKind.Tell || (wave.Kind == WaveKind.Remind && hasAnswered)) return;
        var before = messages.Count;
        var condition = wave.Kind == WaveKind.Remind ? StepCondition.UnlessAnswered : StepCondition.Always;
        foreach (var wanted in planned.Messages)
        {
            if (!open.Contains((recipient.Id, wanted.Channel, wanted.Address))) messages.Add((null, recipient.Id, wanted with { Condition = condition }));
        }

        if (messages.Count == before || recipient.Standing != Standing.Failed) return;
        recipient.Standing = Standing.NotReached;
        recipient.Unreachable = null;
        changed.Add(recipient);
        counts.Move(alert.Id, recipient.SiteId, recipient.Before, recipient.Standing);
    }

    private async Task InsertAsync(CancellationToken cancellationToken)
    {
        var db = transaction.Db;
        var recipientIds = await DeliveryLedger.TakeRecipientIdsAsync(db, recipients.Count, cancellationToken);
        for (var i = 0; i < recipientIds.Length; i++) recipients[i].Id = recipientIds[i];
        var deliveryIds = await DeliveryLedger.TakeDeliveryIdsAsync(db, messages.Count, cancellationToken);
        var deliveries = new Delivery[messages.Count];
        var priority = DeliveryPriority.Of(alert.Mode, alert.Severity);
        for (var i = 0; i < deliveries.Length; i++)
        {
            var (added, known, planned) = messages[i];
            deliveries[i] = new Delivery
            {
                Id = deliveryIds[i],
                AlertId = alert.Id,
                RecipientId = added?.Id ?? known,
                MessageId = message,
                Channel = planned.Channel,
                Address = planned.Address,
                StateAt = transaction.Now,
                Priority = priority,
                DueAt = planned.DueAt,
                Step = planned.Step,
                Condition = planned.Condition,
                CreatedAt = transaction.Now,
            };
            counts.Move(alert.Id, planned.Channel, null, DeliveryProgress.Planned(transaction.Now));
        }

        await DeliveryLedger.InsertAsync(db, recipients, cancellationToken);
        await DeliveryLedger.InsertAsync(db, deliveries, cancellationToken);
    }
}
