using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Tocsin.Storage.Alerts;

// No foreign keys among the tables of deliveries: their rows are written by the hundred thousand, always together, by the few statements of this folder.
// Partial indexes keep the due deliveries apart from the millions that are done.

internal sealed class ScenarioTable : IEntityTypeConfiguration<Scenario>
{
    public void Configure(EntityTypeBuilder<Scenario> builder)
    {
        builder.ToTable("scenarios").HasKey(s => s.Id);
        builder.Property(s => s.Id).ValueGeneratedNever();
        builder.HasIndex(s => s.Key).IsUnique();
    }
}

internal sealed class AlertTable : IEntityTypeConfiguration<Alert>
{
    public void Configure(EntityTypeBuilder<Alert> builder)
    {
        builder.ToTable("alerts").HasKey(a => a.Id);
        builder.Property(a => a.Id).ValueGeneratedNever();
        builder.HasIndex(a => a.Number).IsUnique();
        builder.HasIndex(a => new { a.State, a.Number });
        builder.HasIndex(a => new { a.RaisedBy, a.IdempotencyKey }).IsUnique().HasFilter("idempotency_key IS NOT NULL");
    }
}

internal sealed class AlertMessageTable : IEntityTypeConfiguration<AlertMessage>
{
    public void Configure(EntityTypeBuilder<AlertMessage> builder)
    {
        builder.ToTable("alert_messages").HasKey(m => m.Id);
        builder.HasIndex(m => m.AlertId);
    }
}

internal sealed class AudienceChunkTable : IEntityTypeConfiguration<AudienceChunk>
{
    public void Configure(EntityTypeBuilder<AudienceChunk> builder) =>
        builder.ToTable("alert_audience_chunks").HasKey(c => new { c.AlertId, c.Wave, c.ChunkNumber });
}

internal sealed class RecipientTable : IEntityTypeConfiguration<Recipient>
{
    public void Configure(EntityTypeBuilder<Recipient> builder)
    {
        builder.ToTable("recipients").HasKey(r => r.Id);

        // By person first: it finds a person's alerts and whose reply it is as well as it keeps a person from being told twice.
        builder.HasIndex(r => new { r.PersonId, r.AlertId }).IsUnique();
        builder.HasIndex(r => new { r.AlertId, r.Standing, r.Id });
    }
}

internal sealed class DeliveryTable : IEntityTypeConfiguration<Delivery>
{
    public void Configure(EntityTypeBuilder<Delivery> builder)
    {
        builder.ToTable("deliveries").HasKey(d => d.Id);
        builder.HasIndex(d => new { d.Channel, d.Priority, d.DueAt }).HasFilter("state <= 1").HasDatabaseName("ix_deliveries_due_partial");
        builder.HasIndex(d => d.RecipientId);
        builder.HasIndex(d => new { d.ProviderId, d.ProviderMessageId }).HasFilter("provider_message_id IS NOT NULL").HasDatabaseName("ix_deliveries_provider_partial");
    }
}

internal sealed class DeliveryAttemptTable : IEntityTypeConfiguration<DeliveryAttempt>
{
    public void Configure(EntityTypeBuilder<DeliveryAttempt> builder) => builder.ToTable("delivery_attempts").HasKey(a => new { a.DeliveryId, a.Attempt });
}

internal sealed class AnswerTable : IEntityTypeConfiguration<AnswerRecord>
{
    public void Configure(EntityTypeBuilder<AnswerRecord> builder)
    {
        builder.ToTable("answers").HasKey(a => a.Id);
        builder.HasIndex(a => new { a.RecipientId, a.DeduplicationKey }).IsUnique();
    }
}

internal sealed class StrayReplyTable : IEntityTypeConfiguration<StrayReply>
{
    public void Configure(EntityTypeBuilder<StrayReply> builder)
    {
        builder.ToTable("stray_replies").HasKey(r => r.Id);
        builder.HasIndex(r => r.DeduplicationKey).IsUnique();
    }
}

internal sealed class AlertTimerTable : IEntityTypeConfiguration<AlertTimer>
{
    public void Configure(EntityTypeBuilder<AlertTimer> builder)
    {
        builder.ToTable("alert_timers").HasKey(t => t.Id);
        builder.HasIndex(t => t.DueAt);
        builder.HasIndex(t => t.AlertId);
    }
}

internal sealed class AlertCountTable : IEntityTypeConfiguration<AlertCount>
{
    public void Configure(EntityTypeBuilder<AlertCount> builder) => builder.ToTable("alert_counts").HasKey(c => new { c.AlertId, c.Kind, c.Key });
}

internal sealed class UnmatchedReceiptTable : IEntityTypeConfiguration<UnmatchedReceipt>
{
    public void Configure(EntityTypeBuilder<UnmatchedReceipt> builder)
    {
        builder.ToTable("unmatched_receipts").HasKey(r => r.Id);
        builder.HasIndex(r => new { r.ProviderId, r.ProviderMessageId });
        builder.HasIndex(r => r.ReceivedAt);
    }
}

internal sealed class ServerNodeTable : IEntityTypeConfiguration<ServerNode>
{
    public void Configure(EntityTypeBuilder<ServerNode> builder) => builder.ToTable("nodes").HasKey(n => n.Id);
}
