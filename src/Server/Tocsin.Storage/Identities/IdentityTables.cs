using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Tocsin.Storage.Directory;
using Tocsin.Storage.Schema;

namespace Tocsin.Storage.Identities;

internal sealed class DirectoryLogTable : IEntityTypeConfiguration<DirectoryLogEntry>
{
    public void Configure(EntityTypeBuilder<DirectoryLogEntry> builder)
    {
        builder.ToTable("directory_log").HasKey(e => e.Number);
        builder.Property(e => e.Number).ValueGeneratedNever();
        builder.Property(e => e.Kind).HasConversion<int>();
        builder.HasOne<Person>().WithMany().HasForeignKey(e => e.PersonId).OnDelete(DeleteBehavior.Restrict);

        // A device is certified once and revoked once, for ever; identities have none, and nulls are distinct in both databases.
        builder.HasIndex(e => new { e.PersonId, e.Kind, e.Device }).IsUnique();
    }
}

internal sealed class IdentityBackupTable : IEntityTypeConfiguration<IdentityBackup>
{
    public void Configure(EntityTypeBuilder<IdentityBackup> builder)
    {
        builder.ToTable("identity_backups").HasKey(b => new { b.PersonId, b.Kind });
        builder.Property(b => b.Kind).AsKebabCase();
        builder.HasOne<Person>().WithMany().HasForeignKey(b => b.PersonId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class DeviceHandoverTable : IEntityTypeConfiguration<DeviceHandover>
{
    public void Configure(EntityTypeBuilder<DeviceHandover> builder)
    {
        builder.ToTable("device_handovers").HasKey(h => new { h.PersonId, h.Commitment });
        builder.HasOne<Person>().WithMany().HasForeignKey(h => h.PersonId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class DeviceNameTable : IEntityTypeConfiguration<DeviceName>
{
    public void Configure(EntityTypeBuilder<DeviceName> builder)
    {
        builder.ToTable("device_names").HasKey(n => new { n.PersonId, n.Device });
        builder.HasOne<Person>().WithMany().HasForeignKey(n => n.PersonId).OnDelete(DeleteBehavior.Restrict);
    }
}
