using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Tocsin.Storage.Rooms;

internal sealed class RoomTable : IEntityTypeConfiguration<Room>
{
    public void Configure(EntityTypeBuilder<Room> builder)
    {
        builder.ToTable("rooms").HasKey(r => r.Id);
        builder.Property(r => r.Id).ValueGeneratedNever();
    }
}

internal sealed class RoomEntryTable : IEntityTypeConfiguration<StoredRoomEntry>
{
    public void Configure(EntityTypeBuilder<StoredRoomEntry> builder)
    {
        builder.ToTable("room_entries").HasKey(e => new { e.RoomId, e.Seq });
        builder.HasIndex(e => new { e.RoomId, e.Device, e.EntryId }).IsUnique().HasDatabaseName("ix_room_entries_of_device");
        builder.HasOne<Room>().WithMany().HasForeignKey(e => e.RoomId);
    }
}

internal sealed class RoomMemberTable : IEntityTypeConfiguration<StoredRoomMember>
{
    public void Configure(EntityTypeBuilder<StoredRoomMember> builder)
    {
        builder.ToTable("room_members").HasKey(m => new { m.RoomId, m.PersonId });
        builder.Property(m => m.IsGuest).HasDefaultValue(false);
        builder.HasIndex(m => m.PersonId);
        builder.HasOne<Room>().WithMany().HasForeignKey(m => m.RoomId);
    }
}

internal sealed class RoomDeviceTable : IEntityTypeConfiguration<StoredRoomDevice>
{
    public void Configure(EntityTypeBuilder<StoredRoomDevice> builder)
    {
        builder.ToTable("room_devices").HasKey(d => new { d.RoomId, d.Device });
        builder.HasOne<Room>().WithMany().HasForeignKey(d => d.RoomId);
    }
}

internal sealed class RoomEraTable : IEntityTypeConfiguration<StoredRoomEra>
{
    public void Configure(EntityTypeBuilder<StoredRoomEra> builder)
    {
        builder.ToTable("room_eras").HasKey(e => new { e.RoomId, e.Number });
        builder.HasOne<Room>().WithMany().HasForeignKey(e => e.RoomId);
    }
}
