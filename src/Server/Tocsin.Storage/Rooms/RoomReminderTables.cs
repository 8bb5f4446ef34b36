using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Tocsin.Storage.Directory;

namespace Tocsin.Storage.Rooms;

internal sealed class RoomReminderTable : IEntityTypeConfiguration<RoomReminder>
{
    public void Configure(EntityTypeBuilder<RoomReminder> builder)
    {
        builder.ToTable("room_reminders").HasKey(r => new { r.RoomId, r.ReminderId });
        builder.HasIndex(r => new { r.RoomId, r.PersonId });
        builder.HasIndex(r => r.DueAt);
        builder.HasOne<StoredRoomMember>().WithMany().HasForeignKey(r => new { r.RoomId, r.PersonId });
    }
}

internal sealed class RoomReminderPushTable : IEntityTypeConfiguration<RoomReminderPush>
{
    public void Configure(EntityTypeBuilder<RoomReminderPush> builder)
    {
        builder.ToTable("room_reminder_pushes").HasKey(p => new { p.RoomId, p.ContactPointId });
        builder.HasIndex(p => p.ContactPointId);
        builder.HasIndex(p => new { p.RoomId, p.PersonId });
        builder.HasIndex(p => p.DueAt);
        builder.HasOne<StoredRoomMember>().WithMany().HasForeignKey(p => new { p.RoomId, p.PersonId });
        builder.HasOne<StoredContactPoint>().WithMany().HasForeignKey(p => p.ContactPointId);
    }
}
