using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Tocsin.Storage.Model;

namespace Tocsin.Storage.Schema;

internal sealed class SessionTable : IEntityTypeConfiguration<Session>
{
    public void Configure(EntityTypeBuilder<Session> builder)
    {
        builder.ToTable("sessions").HasKey(s => s.Id);
        builder.Property(s => s.Id).ValueGeneratedNever();
        builder.Property(s => s.Method).AsKebabCase();
        builder.HasIndex(s => s.TokenHash).IsUnique();
        builder.HasIndex(s => s.AccountId);
        builder.HasOne<Account>().WithMany().HasForeignKey(s => s.AccountId);
    }
}

internal sealed class ApiTokenTable : IEntityTypeConfiguration<ApiToken>
{
    public void Configure(EntityTypeBuilder<ApiToken> builder)
    {
        builder.ToTable("api_tokens").HasKey(t => t.Id);
        builder.Property(t => t.Id).ValueGeneratedNever();
        builder.HasIndex(t => t.TokenHash).IsUnique();
    }
}

internal sealed class SetupLinkTable : IEntityTypeConfiguration<SetupLink>
{
    public void Configure(EntityTypeBuilder<SetupLink> builder)
    {
        builder.ToTable("setup_links").HasKey(l => l.Id);
        builder.Property(l => l.Id).ValueGeneratedNever();
        builder.HasIndex(l => l.TokenHash).IsUnique();
        builder.HasIndex(l => l.AccountId);
        builder.HasOne<Account>().WithMany().HasForeignKey(l => l.AccountId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class EmergencyCardTable : IEntityTypeConfiguration<EmergencyCard>
{
    public void Configure(EntityTypeBuilder<EmergencyCard> builder)
    {
        builder.ToTable("emergency_cards").HasKey(c => c.Id);
        builder.Property(c => c.Id).ValueGeneratedNever();
        builder.HasIndex(c => c.AccountId);
        builder.HasOne<Account>().WithMany().HasForeignKey(c => c.AccountId);
        builder.HasMany(c => c.Codes).WithOne().HasForeignKey(c => c.CardId);
    }
}

internal sealed class EmergencyCodeTable : IEntityTypeConfiguration<EmergencyCode>
{
    public void Configure(EntityTypeBuilder<EmergencyCode> builder) => builder.ToTable("emergency_codes").HasKey(c => new { c.CardId, c.Number });
}
