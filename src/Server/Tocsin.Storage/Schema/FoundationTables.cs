using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Tocsin.Storage.Model;

namespace Tocsin.Storage.Schema;

internal sealed class EventTable : IEntityTypeConfiguration<EventRecord>
{
    public void Configure(EntityTypeBuilder<EventRecord> builder)
    {
        builder.ToTable("events").HasKey(e => e.Seq);
        builder.Property(e => e.Seq).ValueGeneratedNever();
        builder.Property(e => e.VisibleTo).HasConversion<int>();
    }
}

internal sealed class AuditTable : IEntityTypeConfiguration<AuditRecord>
{
    public void Configure(EntityTypeBuilder<AuditRecord> builder)
    {
        builder.ToTable("audit_entries").HasKey(e => e.Seq);
        builder.Property(e => e.Seq).ValueGeneratedNever();
        builder.HasIndex(e => e.Subject);
    }
}

internal sealed class IdempotencyTable : IEntityTypeConfiguration<IdempotencyRecord>
{
    public void Configure(EntityTypeBuilder<IdempotencyRecord> builder)
    {
        builder.ToTable("idempotency_keys").HasKey(e => new { e.Actor, e.Key });
        builder.HasIndex(e => e.CreatedAt);
    }
}

internal sealed class SecretTable : IEntityTypeConfiguration<SecretRecord>
{
    public void Configure(EntityTypeBuilder<SecretRecord> builder) => builder.ToTable("secrets").HasKey(e => e.Name);
}

internal sealed class SettingTable : IEntityTypeConfiguration<SettingRecord>
{
    public void Configure(EntityTypeBuilder<SettingRecord> builder) => builder.ToTable("settings").HasKey(e => e.Key);
}

internal sealed class AccountTable : IEntityTypeConfiguration<Account>
{
    public void Configure(EntityTypeBuilder<Account> builder)
    {
        builder.ToTable("accounts");
        builder.Property(a => a.Roles).HasConversion<int>();
        builder.Property(a => a.NormalizedUserName!).InBytewiseOrder();
        builder.HasIndex(a => a.PersonId).IsUnique();
    }
}
