using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Tocsin.Storage.Schema;

namespace Tocsin.Storage.Directory;

// Memberships point at people with a foreign key; nothing cascades from a person, because people are never deleted.
// Keys made of (container, person) keep each container's people together and in id order: an audience reads them without a sort.

internal sealed class PersonTable : IEntityTypeConfiguration<Person>
{
    public void Configure(EntityTypeBuilder<Person> builder)
    {
        builder.ToTable("people").HasKey(p => p.Id);
        builder.Property(p => p.Id).ValueGeneratedNever();
        builder.Property(p => p.SortKey).InBytewiseOrder();
        builder.Property(p => p.SearchText).InBytewiseOrder();
        builder.Property(p => p.Language).AsKebabCase();
        builder.Property(p => p.Source).AsKebabCase();
        builder.HasIndex(p => p.ExternalId).IsUnique();

        // Lists in order, and (covering) the ids of everyone, and of everyone of a site.
        builder.HasIndex(p => new { p.Active, p.SortKey, p.Id });
        builder.HasIndex(p => new { p.SiteId, p.Active, p.SortKey, p.Id });
        builder.HasOne<Site>().WithMany().HasForeignKey(p => p.SiteId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class PersonWordTable : IEntityTypeConfiguration<PersonWord>
{
    public void Configure(EntityTypeBuilder<PersonWord> builder)
    {
        // No foreign key and no index by person: a person's words are known from their search text, and there are six for each.
        builder.ToTable("person_words").HasKey(w => new { w.Word, w.PersonId });
        builder.Property(w => w.Word).InBytewiseOrder();
    }
}

internal sealed class PersonPreferencesTable : IEntityTypeConfiguration<PersonPreferences>
{
    public void Configure(EntityTypeBuilder<PersonPreferences> builder)
    {
        builder.ToTable("person_preferences").HasKey(p => p.PersonId);
        builder.Property(p => p.PersonId).ValueGeneratedNever();
        builder.HasOne<Person>().WithOne().HasForeignKey<PersonPreferences>(p => p.PersonId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class ContactPointTable : IEntityTypeConfiguration<StoredContactPoint>
{
    public void Configure(EntityTypeBuilder<StoredContactPoint> builder)
    {
        builder.ToTable("contact_points").HasKey(c => c.Id);
        builder.Property(c => c.Id).ValueGeneratedNever();
        builder.Property(c => c.Kind).AsKebabCase();
        builder.Property(c => c.Source).AsKebabCase();
        builder.Ignore(c => c.QuietHours);
        builder.HasIndex(c => new { c.PersonId, c.Rank });

        // A reply says only which address it came from.
        builder.HasIndex(c => c.Address);
        builder.HasOne<Person>().WithMany().HasForeignKey(c => c.PersonId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class ContactPointCodeTable : IEntityTypeConfiguration<ContactPointCode>
{
    public void Configure(EntityTypeBuilder<ContactPointCode> builder)
    {
        // No foreign key to the contact point: whoever deletes one and adds it again has not more codes for it.
        builder.ToTable("contact_point_codes").HasKey(c => c.Id);
        builder.HasIndex(c => c.PersonId);
        builder.HasIndex(c => c.Address);
    }
}

internal sealed class SiteTable : IEntityTypeConfiguration<Site>
{
    public void Configure(EntityTypeBuilder<Site> builder)
    {
        builder.ToTable("sites").HasKey(s => s.Id);
        builder.Property(s => s.Id).ValueGeneratedNever();
        builder.Property(s => s.NameKey).InBytewiseOrder();
        builder.Property(s => s.Source).AsKebabCase();
        builder.HasIndex(s => s.NameKey).IsUnique();
        builder.HasIndex(s => s.ExternalId).IsUnique();
    }
}

internal sealed class GroupTable : IEntityTypeConfiguration<PersonGroup>
{
    public void Configure(EntityTypeBuilder<PersonGroup> builder)
    {
        builder.ToTable("groups").HasKey(g => g.Id);
        builder.Property(g => g.Id).ValueGeneratedNever();
        builder.Property(g => g.NameKey).InBytewiseOrder();
        builder.Property(g => g.Source).AsKebabCase();
        builder.HasIndex(g => g.NameKey).IsUnique();
        builder.HasIndex(g => g.ExternalId).IsUnique();
    }
}

internal sealed class GroupMemberTable : IEntityTypeConfiguration<GroupMember>
{
    public void Configure(EntityTypeBuilder<GroupMember> builder)
    {
        builder.ToTable("group_members").HasKey(m => new { m.GroupId, m.PersonId });
        builder.Property(m => m.Source).AsKebabCase();
        builder.HasIndex(m => m.PersonId);
        builder.HasOne<PersonGroup>().WithMany().HasForeignKey(m => m.GroupId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<Person>().WithMany().HasForeignKey(m => m.PersonId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class GroupNestingTable : IEntityTypeConfiguration<GroupNesting>
{
    public void Configure(EntityTypeBuilder<GroupNesting> builder)
    {
        builder.ToTable("group_subgroups").HasKey(n => new { n.ParentId, n.ChildId });
        builder.HasIndex(n => n.ChildId);
        builder.HasOne<PersonGroup>().WithMany().HasForeignKey(n => n.ParentId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<PersonGroup>().WithMany().HasForeignKey(n => n.ChildId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class CrisisFunctionTable : IEntityTypeConfiguration<CrisisFunction>
{
    public void Configure(EntityTypeBuilder<CrisisFunction> builder)
    {
        builder.ToTable("functions").HasKey(f => f.Id);
        builder.Property(f => f.Id).ValueGeneratedNever();
        builder.Property(f => f.NameKey).InBytewiseOrder();
        builder.Property(f => f.Source).AsKebabCase();
        builder.HasIndex(f => f.NameKey).IsUnique();
    }
}

internal sealed class FunctionHolderTable : IEntityTypeConfiguration<FunctionHolder>
{
    public void Configure(EntityTypeBuilder<FunctionHolder> builder)
    {
        builder.ToTable("function_holders").HasKey(h => new { h.FunctionId, h.PersonId });
        builder.Property(h => h.Source).AsKebabCase();
        builder.HasIndex(h => h.PersonId);
        builder.HasOne<CrisisFunction>().WithMany().HasForeignKey(h => h.FunctionId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<Person>().WithMany().HasForeignKey(h => h.PersonId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class RotaTable : IEntityTypeConfiguration<StoredRota>
{
    public void Configure(EntityTypeBuilder<StoredRota> builder)
    {
        builder.ToTable("rotas").HasKey(r => r.Id);
        builder.Property(r => r.Id).ValueGeneratedNever();
        builder.Property(r => r.NameKey).InBytewiseOrder();
        builder.Property(r => r.Version).IsConcurrencyToken();
        builder.HasIndex(r => r.NameKey).IsUnique();
    }
}

internal sealed class PersonListTable : IEntityTypeConfiguration<PersonList>
{
    public void Configure(EntityTypeBuilder<PersonList> builder)
    {
        builder.ToTable("lists").HasKey(l => l.Id);
        builder.Property(l => l.Id).ValueGeneratedNever();
        builder.Property(l => l.NameKey).InBytewiseOrder();
        builder.HasIndex(l => l.NameKey).IsUnique();
    }
}

internal sealed class ListMemberTable : IEntityTypeConfiguration<ListMember>
{
    public void Configure(EntityTypeBuilder<ListMember> builder)
    {
        builder.ToTable("list_members").HasKey(m => new { m.ListId, m.PersonId });
        builder.HasIndex(m => m.PersonId);
        builder.HasOne<PersonList>().WithMany().HasForeignKey(m => m.ListId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<Person>().WithMany().HasForeignKey(m => m.PersonId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class PeopleImportTable : IEntityTypeConfiguration<PeopleImport>
{
    public void Configure(EntityTypeBuilder<PeopleImport> builder)
    {
        builder.ToTable("people_imports").HasKey(i => i.Id);
        builder.Property(i => i.Id).ValueGeneratedNever();
        builder.Property(i => i.State).AsKebabCase();
        builder.HasIndex(i => i.State);
    }
}

internal sealed class PeopleImportLineTable : IEntityTypeConfiguration<PeopleImportLine>
{
    public void Configure(EntityTypeBuilder<PeopleImportLine> builder)
    {
        builder.ToTable("people_import_lines").HasKey(l => new { l.ImportId, l.Line });
        builder.Property(l => l.Action).AsKebabCase();
        builder.HasIndex(l => new { l.ImportId, l.Action, l.Line });
        builder.HasOne<PeopleImport>().WithMany().HasForeignKey(l => l.ImportId).OnDelete(DeleteBehavior.Cascade);
    }
}
