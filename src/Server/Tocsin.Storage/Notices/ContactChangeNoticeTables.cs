using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Tocsin.Storage.Notices;

internal sealed class ContactChangeNoticeTable : IEntityTypeConfiguration<ContactChangeNotice>
{
    public void Configure(EntityTypeBuilder<ContactChangeNotice> builder)
    {
        builder.ToTable("contact_change_notices").HasKey(n => n.Id);
        builder.HasIndex(n => n.ChangedAt);
        builder.HasIndex(n => n.DueAt).HasFilter("state = 0").HasDatabaseName("ix_contact_change_notices_waiting");
    }
}
