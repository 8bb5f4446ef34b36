using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Tocsin.Storage.Rooms;

internal sealed class RoomGuestLinkTable : IEntityTypeConfiguration<RoomGuestLink>
{
    public void Configure(EntityTypeBuilder<RoomGuestLink> builder)
    {
        builder.ToTable("room_guest_links").HasKey(l => l.Id);
        builder.Property(l => l.Id).ValueGeneratedNever();
        builder.HasIndex(l => l.RoomId);
        builder.HasOne<Room>().WithMany().HasForeignKey(l => l.RoomId);
    }
}

internal sealed class RoomGuestTable : IEntityTypeConfiguration<RoomGuest>
{
    public void Configure(EntityTypeBuilder<RoomGuest> builder)
    {
        builder.ToTable("room_guests").HasKey(g => new { g.RoomId, g.Account });
        builder.HasIndex(g => g.TokenHash).IsUnique();
        builder.HasIndex(g => g.LinkId);
        builder.HasOne<Room>().WithMany().HasForeignKey(g => g.RoomId);
        builder.HasOne<RoomGuestLink>().WithMany().HasForeignKey(g => g.LinkId);
    }
}
