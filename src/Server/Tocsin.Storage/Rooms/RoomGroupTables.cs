using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Tocsin.Storage.Directory;

namespace Tocsin.Storage.Rooms;

internal sealed class RoomGroupTable : IEntityTypeConfiguration<RoomGroup>
{
    public void Configure(EntityTypeBuilder<RoomGroup> builder)
    {
        builder.ToTable("room_groups").HasKey(g => g.RoomId);
        builder.HasIndex(g => g.GroupId);
        builder.HasOne<Room>().WithMany().HasForeignKey(g => g.RoomId);
        builder.HasOne<PersonGroup>().WithMany().HasForeignKey(g => g.GroupId);
    }
}

internal sealed class RoomAdmissionRequestTable : IEntityTypeConfiguration<RoomAdmissionRequest>
{
    public void Configure(EntityTypeBuilder<RoomAdmissionRequest> builder)
    {
        builder.ToTable("room_admission_requests").HasKey(r => new { r.RoomId, r.PersonId });
        builder.HasOne<Room>().WithMany().HasForeignKey(r => r.RoomId);
    }
}
