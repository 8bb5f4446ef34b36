using Tocsin.Storage.Bulk;

namespace Tocsin.Storage.Alerts;

/// <summary>What is written by the thousand.</summary>
internal static class AlertBulkTables
{
    public static readonly BulkTable<Recipient> Recipients = new(
        "recipients",
        new LongBulkColumn<Recipient>("id", r => r.Id),
        new UuidBulkColumn<Recipient>("alert_id", r => r.AlertId.Value),
        new UuidBulkColumn<Recipient>("person_id", r => r.PersonId.Value),
        new IntegerBulkColumn<Recipient>("wave", r => r.Wave),
        new TextBulkColumn<Recipient>("name", r => r.Name),
        new IntegerBulkColumn<Recipient>("language", r => (int)r.Language),
        new UuidBulkColumn<Recipient>("site_id", r => r.SiteId?.Value),
        new IntegerBulkColumn<Recipient>("standing", r => (int)r.Standing),
        new IntegerBulkColumn<Recipient>("unreachable", r => (int?)r.Unreachable),
        new BooleanBulkColumn<Recipient>("has_unread_reply", _ => false),
        new IntegerBulkColumn<Recipient>("link_generation", r => r.LinkGeneration));

    public static readonly BulkTable<Delivery> Deliveries = new(
        "deliveries",
        new LongBulkColumn<Delivery>("id", d => d.Id),
        new UuidBulkColumn<Delivery>("alert_id", d => d.AlertId.Value),
        new LongBulkColumn<Delivery>("recipient_id", d => d.RecipientId),
        new LongBulkColumn<Delivery>("message_id", d => d.MessageId),
        new IntegerBulkColumn<Delivery>("channel", d => (int)d.Channel),
        new TextBulkColumn<Delivery>("address", d => d.Address),
        new IntegerBulkColumn<Delivery>("state", d => (int)d.State),
        new TimeBulkColumn<Delivery>("state_at", d => d.StateAt),
        new IntegerBulkColumn<Delivery>("priority", d => d.Priority),
        new TimeBulkColumn<Delivery>("due_at", d => d.DueAt),
        new IntegerBulkColumn<Delivery>("step", d => d.Step),
        new IntegerBulkColumn<Delivery>("condition", d => (int)d.Condition),
        new IntegerBulkColumn<Delivery>("attempt", d => d.Attempt),
        new TextBulkColumn<Delivery>("failure_code", d => d.FailureCode),
        new TimeBulkColumn<Delivery>("created_at", d => d.CreatedAt));

    public static readonly BulkTable<DeliveryAttempt> Attempts = new(
        "delivery_attempts",
        new LongBulkColumn<DeliveryAttempt>("delivery_id", a => a.DeliveryId),
        new IntegerBulkColumn<DeliveryAttempt>("attempt", a => a.Attempt),
        new TimeBulkColumn<DeliveryAttempt>("at", a => a.At),
        new IntegerBulkColumn<DeliveryAttempt>("result", a => (int)a.Result),
        new TextBulkColumn<DeliveryAttempt>("failure_code", a => a.FailureCode),
        new TextBulkColumn<DeliveryAttempt>("carrier_code", a => a.CarrierCode));

    public static readonly BulkTable<AnswerRecord> Answers = new(
        "answers",
        new UuidBulkColumn<AnswerRecord>("alert_id", a => a.AlertId.Value),
        new LongBulkColumn<AnswerRecord>("recipient_id", a => a.RecipientId),
        new TextBulkColumn<AnswerRecord>("choice", a => a.Choice),
        new TextBulkColumn<AnswerRecord>("comment", a => a.Comment),
        new RealBulkColumn<AnswerRecord>("latitude", a => a.Latitude),
        new RealBulkColumn<AnswerRecord>("longitude", a => a.Longitude),
        new RealBulkColumn<AnswerRecord>("accuracy_metres", a => a.AccuracyMetres),
        new IntegerBulkColumn<AnswerRecord>("via", a => (int)a.Via),
        new TextBulkColumn<AnswerRecord>("entered_by", a => a.EnteredBy),
        new TimeBulkColumn<AnswerRecord>("at", a => a.At),
        new TimeBulkColumn<AnswerRecord>("received_at", a => a.ReceivedAt),
        new TextBulkColumn<AnswerRecord>("deduplication_key", a => a.DeduplicationKey));

    public static readonly BulkTable<UnmatchedReceipt> UnmatchedReceipts = new(
        "unmatched_receipts",
        new IntegerBulkColumn<UnmatchedReceipt>("channel", r => (int)r.Channel),
        new TextBulkColumn<UnmatchedReceipt>("provider_id", r => r.ProviderId),
        new TextBulkColumn<UnmatchedReceipt>("provider_message_id", r => r.ProviderMessageId),
        new IntegerBulkColumn<UnmatchedReceipt>("state", r => (int)r.State),
        new TextBulkColumn<UnmatchedReceipt>("failure_code", r => r.FailureCode),
        new TextBulkColumn<UnmatchedReceipt>("carrier_code", r => r.CarrierCode),
        new TimeBulkColumn<UnmatchedReceipt>("at", r => r.At),
        new TimeBulkColumn<UnmatchedReceipt>("received_at", r => r.ReceivedAt));

    /// <summary>What news may change of a delivery; all at once, so that one statement serves every kind of news.</summary>
    public static readonly BulkChange<DeliveryInLedger> DeliveryChanges = BulkChange<DeliveryInLedger>.Update(
        "deliveries",
        new LongBulkColumn<DeliveryInLedger>("id", row => row.Id),
        new LongBulkColumn<DeliveryInLedger>("message_id", d => d.MessageId),
        new IntegerBulkColumn<DeliveryInLedger>("state", d => (int)d.Progress.State),
        new TimeBulkColumn<DeliveryInLedger>("state_at", d => d.Progress.At),
        new TimeBulkColumn<DeliveryInLedger>("due_at", d => d.DueAt),
        new LongBulkColumn<DeliveryInLedger>("lease_owner", d => d.LeaseOwner),
        new TextBulkColumn<DeliveryInLedger>("provider_id", d => d.ProviderId),
        new TextBulkColumn<DeliveryInLedger>("provider_message_id", d => d.ProviderMessageId),
        new TextBulkColumn<DeliveryInLedger>("failure_code", d => d.Progress.Reason?.Code),
        new TextBulkColumn<DeliveryInLedger>("carrier_code", d => d.Progress.Reason?.CarrierCode),
        new TimeBulkColumn<DeliveryInLedger>("accepted_at", d => d.AcceptedAt),
        new TimeBulkColumn<DeliveryInLedger>("delivered_at", d => d.DeliveredAt),
        new TimeBulkColumn<DeliveryInLedger>("read_at", d => d.ReadAt));

    public static readonly BulkChange<RecipientInLedger> RecipientChanges = BulkChange<RecipientInLedger>.Update(
        "recipients",
        new LongBulkColumn<RecipientInLedger>("id", row => row.Id),
        new IntegerBulkColumn<RecipientInLedger>("standing", r => (int)r.Standing),
        new IntegerBulkColumn<RecipientInLedger>("unreachable", r => (int?)r.Unreachable),
        new TextBulkColumn<RecipientInLedger>("answer_choice", r => r.AnswerChoice),
        new TimeBulkColumn<RecipientInLedger>("answered_at", r => r.AnsweredAt),
        new IntegerBulkColumn<RecipientInLedger>("answered_via", r => (int?)r.AnsweredVia),
        new BooleanBulkColumn<RecipientInLedger>("has_unread_reply", r => r.HasUnreadReply));

    public static readonly BulkChange<AlertCount> Counts = BulkChange<AlertCount>.Add(
        "alert_counts",
        new LongBulkColumn<AlertCount>("count", c => c.Count),
        new UuidBulkColumn<AlertCount>("alert_id", c => c.AlertId.Value),
        new IntegerBulkColumn<AlertCount>("kind", c => (int)c.Kind),
        new TextBulkColumn<AlertCount>("key", c => c.Key));
}
