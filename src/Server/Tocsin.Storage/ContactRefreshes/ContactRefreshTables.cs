using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Tocsin.Storage.Schema;

namespace Tocsin.Storage.ContactRefreshes;

internal sealed class ContactRefreshTable : IEntityTypeConfiguration<ContactRefresh>
{
    public void Configure(EntityTypeBuilder<ContactRefresh> builder)
    {
        builder.ToTable("contact_refreshes").HasKey(r => r.Id);
        builder.Property(r => r.Id).ValueGeneratedNever();
        builder.Property(r => r.Audience).AsKebabCase();
        builder.HasIndex(r => r.Number).IsUnique();
        builder.Ignore(r => r.Title).Ignore(r => r.Body);
    }
}

internal sealed class RefreshPersonTable : IEntityTypeConfiguration<RefreshPerson>
{
    public void Configure(EntityTypeBuilder<RefreshPerson> builder)
    {
        builder.ToTable("contact_refresh_people").HasKey(p => new { p.RefreshId, p.PersonId });
        builder.HasIndex(p => new { p.RefreshId, p.Standing });
        builder.HasIndex(p => p.TokenHash).IsUnique();
        builder.HasOne<ContactRefresh>().WithMany().HasForeignKey(p => p.RefreshId);
    }
}

internal sealed class RefreshDeliveryTable : IEntityTypeConfiguration<RefreshDelivery>
{
    public void Configure(EntityTypeBuilder<RefreshDelivery> builder)
    {
        builder.ToTable("contact_refresh_deliveries").HasKey(d => d.Id);
        builder.HasIndex(d => d.DueAt).HasFilter("state = 0").HasDatabaseName("ix_contact_refresh_deliveries_waiting");
        builder.HasIndex(d => new { d.RefreshId, d.PersonId, d.IsReminder }).IsUnique();
        builder.HasOne<ContactRefresh>().WithMany().HasForeignKey(d => d.RefreshId);
    }
}
