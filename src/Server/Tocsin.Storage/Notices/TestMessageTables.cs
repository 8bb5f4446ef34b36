using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Tocsin.Storage.Notices;

internal sealed class TestMessageTable : IEntityTypeConfiguration<TestMessage>
{
    public void Configure(EntityTypeBuilder<TestMessage> builder)
    {
        builder.ToTable("test_messages").HasKey(m => m.Id);
        builder.HasIndex(m => m.AskedAt);
        builder.HasIndex(m => m.DueAt).HasFilter("state = 0").HasDatabaseName("ix_test_messages_waiting");
    }
}
