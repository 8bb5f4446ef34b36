using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Tocsin.Storage.Rooms;

internal sealed class RoomFileTable : IEntityTypeConfiguration<RoomFile>
{
    public void Configure(EntityTypeBuilder<RoomFile> builder)
    {
        builder.ToTable("room_files").HasKey(f => new { f.RoomId, f.Id });
        builder.Property(f => f.Id).ValueGeneratedNever();
        builder.HasIndex(f => f.PersonId);
        builder.HasOne<Room>().WithMany().HasForeignKey(f => f.RoomId);
    }
}

internal sealed class RoomFileChunkTable : IEntityTypeConfiguration<RoomFileChunk>
{
    public void Configure(EntityTypeBuilder<RoomFileChunk> builder)
    {
        builder.ToTable("room_file_chunks").HasKey(c => new { c.RoomId, c.FileId, c.Number });
        builder.HasOne<RoomFile>().WithMany().HasForeignKey(c => new { c.RoomId, c.FileId });
    }
}
