using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Tocsin.Storage.Directory;

namespace Tocsin.Storage.Rooms;

internal sealed class RoomNewsTable : IEntityTypeConfiguration<RoomNews>
{
    public void Configure(EntityTypeBuilder<RoomNews> builder)
    {
        builder.ToTable("room_news").HasKey(n => n.Id);
        builder.HasIndex(n => n.RoomId);
        builder.HasOne<Room>().WithMany().HasForeignKey(n => n.RoomId);
    }
}

internal sealed class RoomPushTable : IEntityTypeConfiguration<RoomPush>
{
    public void Configure(EntityTypeBuilder<RoomPush> builder)
    {
        builder.ToTable("room_pushes").HasKey(p => new { p.RoomId, p.ContactPointId });
        builder.HasIndex(p => p.ContactPointId);
        builder.HasIndex(p => new { p.RoomId, p.PersonId });
        builder.HasIndex(p => p.DueAt).HasFilter("due_at IS NOT NULL").HasDatabaseName("ix_room_pushes_waiting");
        builder.HasOne<StoredRoomMember>().WithMany().HasForeignKey(p => new { p.RoomId, p.PersonId });
        builder.HasOne<StoredContactPoint>().WithMany().HasForeignKey(p => p.ContactPointId);
    }
}
