using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Tocsin.Storage.Schema;

namespace Tocsin.Storage.Meetings;

internal sealed class MeetingTable : IEntityTypeConfiguration<Meeting>
{
    public void Configure(EntityTypeBuilder<Meeting> builder)
    {
        builder.ToTable("meetings").HasKey(m => m.Id);
        builder.Property(m => m.Id).ValueGeneratedNever();
        builder.Property(m => m.OpenTo).AsKebabCase();

        // Two people who open an alert's meeting at once: the second finds the first's.
        builder.HasIndex(m => m.AlertId).IsUnique().HasFilter("alert_id IS NOT NULL AND ended_at IS NULL").HasDatabaseName("ix_meetings_open_alert");
        builder.HasIndex(m => m.RoomId).IsUnique().HasFilter("room_id IS NOT NULL AND ended_at IS NULL").HasDatabaseName("ix_meetings_open_room");
        builder.HasIndex(m => m.OpenedAt).HasFilter("ended_at IS NULL").HasDatabaseName("ix_meetings_open");
    }
}

internal sealed class MeetingInvitationTable : IEntityTypeConfiguration<MeetingInvitation>
{
    public void Configure(EntityTypeBuilder<MeetingInvitation> builder)
    {
        builder.ToTable("meeting_invitations").HasKey(i => new { i.MeetingId, i.PersonId });
        builder.HasIndex(i => i.PersonId);
        builder.HasOne<Meeting>().WithMany().HasForeignKey(i => i.MeetingId);
    }
}

internal sealed class MeetingRemovalTable : IEntityTypeConfiguration<MeetingRemoval>
{
    public void Configure(EntityTypeBuilder<MeetingRemoval> builder)
    {
        builder.ToTable("meeting_removals").HasKey(r => new { r.MeetingId, r.Subject });
        builder.HasOne<Meeting>().WithMany().HasForeignKey(r => r.MeetingId);
    }
}

internal sealed class GuestLinkTable : IEntityTypeConfiguration<GuestLink>
{
    public void Configure(EntityTypeBuilder<GuestLink> builder)
    {
        builder.ToTable("guest_links").HasKey(l => l.Id);
        builder.Property(l => l.Id).ValueGeneratedNever();
        builder.HasIndex(l => l.TokenHash).IsUnique();
        builder.HasIndex(l => l.MeetingId);
        builder.HasOne<Meeting>().WithMany().HasForeignKey(l => l.MeetingId);
    }
}
