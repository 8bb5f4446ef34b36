using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Tocsin.Storage.Schema;

namespace Tocsin.Storage.Bulletins;

internal sealed class BulletinTable : IEntityTypeConfiguration<Bulletin>
{
    public void Configure(EntityTypeBuilder<Bulletin> builder)
    {
        builder.ToTable("bulletins").HasKey(b => b.Id);
        builder.Property(b => b.Id).ValueGeneratedNever();
        builder.Property(b => b.Mode).AsKebabCase();
        builder.HasIndex(b => b.Number).IsUnique();
    }
}

internal sealed class BulletinVersionTable : IEntityTypeConfiguration<BulletinVersion>
{
    public void Configure(EntityTypeBuilder<BulletinVersion> builder)
    {
        builder.ToTable("bulletin_versions").HasKey(v => new { v.BulletinId, v.Version });
        builder.HasOne<Bulletin>().WithMany().HasForeignKey(v => v.BulletinId);
        builder.Ignore(v => v.Title).Ignore(v => v.Body).Ignore(v => v.Summary);
    }
}

internal sealed class BulletinApprovalTable : IEntityTypeConfiguration<BulletinApproval>
{
    public void Configure(EntityTypeBuilder<BulletinApproval> builder)
    {
        builder.ToTable("bulletin_approvals").HasKey(a => new { a.BulletinId, a.Version, a.PersonId });
        builder.HasOne<BulletinVersion>().WithMany().HasForeignKey(a => new { a.BulletinId, a.Version });
    }
}

internal sealed class BulletinReadingTable : IEntityTypeConfiguration<BulletinReading>
{
    public void Configure(EntityTypeBuilder<BulletinReading> builder)
    {
        builder.ToTable("bulletin_readings").HasKey(r => new { r.BulletinId, r.PersonId });
        builder.HasIndex(r => r.PersonId);
        builder.HasOne<Bulletin>().WithMany().HasForeignKey(r => r.BulletinId);
    }
}

internal sealed class BulletinQuestionTable : IEntityTypeConfiguration<BulletinQuestion>
{
    public void Configure(EntityTypeBuilder<BulletinQuestion> builder)
    {
        builder.ToTable("bulletin_questions").HasKey(q => q.Id);
        builder.Property(q => q.Id).ValueGeneratedNever();
        builder.HasIndex(q => new { q.BulletinId, q.PersonId });
        builder.HasOne<Bulletin>().WithMany().HasForeignKey(q => q.BulletinId);
    }
}

internal sealed class BulletinSendingTable : IEntityTypeConfiguration<BulletinSending>
{
    public void Configure(EntityTypeBuilder<BulletinSending> builder)
    {
        builder.ToTable("bulletin_sendings").HasKey(s => new { s.BulletinId, s.Version });
        builder.HasOne<BulletinVersion>().WithMany().HasForeignKey(s => new { s.BulletinId, s.Version });
    }
}

internal sealed class BulletinDeliveryTable : IEntityTypeConfiguration<BulletinDelivery>
{
    public void Configure(EntityTypeBuilder<BulletinDelivery> builder)
    {
        builder.ToTable("bulletin_deliveries").HasKey(d => d.Id);
        builder.HasIndex(d => d.DueAt).HasFilter("state = 0").HasDatabaseName("ix_bulletin_deliveries_waiting");
        builder.HasIndex(d => new { d.BulletinId, d.Version });
        builder.HasOne<BulletinVersion>().WithMany().HasForeignKey(d => new { d.BulletinId, d.Version });
    }
}

internal sealed class PublicAlertTable : IEntityTypeConfiguration<PublicAlert>
{
    public void Configure(EntityTypeBuilder<PublicAlert> builder)
    {
        builder.ToTable("public_alerts").HasKey(a => a.AlertId);
        builder.Property(a => a.AlertId).ValueGeneratedNever();
        builder.HasOne<Alerts.Alert>().WithMany().HasForeignKey(a => a.AlertId);
    }
}
