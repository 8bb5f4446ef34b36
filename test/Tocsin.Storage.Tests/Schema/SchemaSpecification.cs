using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Tocsin.Storage.Directory;
using Tocsin.Storage.Schema;

namespace Tocsin.Storage.Tests.Schema;

public abstract class SchemaSpecification(StorageUnderTest storage)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>One line per column, index and foreign key; the same on a database made by migrations and one made by EF Core.</summary>
    protected abstract string DescribeSql { get; }

    [Fact]
    public async Task Migrations_make_what_the_model_says()
    {
        await using var migrated = await storage.Contexts.CreateDbContextAsync(Cancellation);
        var created = await storage.CreateEmptyAsync();
        await using var provider = storage.Open(created);
        await using var fromModel = await provider.GetRequiredService<IDbContextFactory<TocsinDbContext>>().CreateDbContextAsync(Cancellation);
        await fromModel.Database.ExecuteSqlRawAsync(fromModel.Database.GenerateCreateScript().Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal), Cancellation);

        var expected = await DescribeAsync(fromModel);
        var actual = await DescribeAsync(migrated);
        Assert.Empty(expected.Except(actual, StringComparer.Ordinal).Select(line => "missing " + line));
        Assert.Empty(actual.Except(expected, StringComparer.Ordinal).Where(line => !Allowed.Any(line.Contains)).Select(line => "unexpected " + line));
    }

    [Fact]
    public async Task Applying_again_does_nothing() =>
        Assert.Equal(0, await storage.Services.GetRequiredService<SchemaMigrator>().ApplyAsync(Cancellation));

    [Fact]
    public async Task Processes_that_start_together_apply_each_migration_once()
    {
        var empty = await storage.CreateEmptyAsync();
        await using var one = storage.Open(empty);
        await using var two = storage.Open(empty);
        var applied = await Task.WhenAll(
            one.GetRequiredService<SchemaMigrator>().ApplyAsync(Cancellation),
            two.GetRequiredService<SchemaMigrator>().ApplyAsync(Cancellation));
        await using var db = await one.GetRequiredService<IDbContextFactory<TocsinDbContext>>().CreateDbContextAsync(Cancellation);
        var rows = await db.Database.SqlQueryRaw<long>("""SELECT COUNT(*) AS "Value" FROM schema_migrations""").SingleAsync(Cancellation);
        Assert.Equal(rows, applied.Sum());
    }

    [Fact]
    public async Task A_database_of_a_newer_program_is_refused_and_left_as_it_is()
    {
        var refused = await RefusalAfterAsync("INSERT INTO schema_migrations (version, name, checksum, applied_at) VALUES (9999, 'future', 'x', 0)");
        Assert.Equal("schema-newer", refused.Code);
    }

    [Fact]
    public async Task A_migration_edited_after_it_was_applied_is_refused()
    {
        var refused = await RefusalAfterAsync("UPDATE schema_migrations SET checksum = 'edited' WHERE version = 1");
        Assert.Equal("schema-edited", refused.Code);
    }

    /// <summary>Before migration 8, the organisation's language was copied to whoever was added without one.</summary>
    [Theory]
    [InlineData(null, "", "en")]
    [InlineData("en", "fr", "")]
    public async Task A_language_that_was_copied_from_the_organisation_becomes_none_of_ones_own(string? organisation, string french, string english)
    {
        await using var provider = storage.Open(await storage.CreateEmptyAsync());
        var migrator = provider.GetRequiredService<SchemaMigrator>();
        await migrator.ApplyAsync(7, Cancellation);
        await using var db = await provider.GetRequiredService<IDbContextFactory<TocsinDbContext>>().CreateDbContextAsync(Cancellation);
        if (organisation is not null)
            await db.Database.ExecuteSqlAsync($"INSERT INTO settings (key, value, changed_at) VALUES ('organisation.language', {$"\"{organisation}\""}, 0)", Cancellation);
        foreach (var language in (string[])["fr", "en"])
        {
            object id = db.Kind == DatabaseKind.Sqlite ? Guid.NewGuid().ToByteArray(true) : Guid.NewGuid();
            await db.Database.ExecuteSqlRawAsync(
                "INSERT INTO people (id, given_name, family_name, display_name, sort_key, search_text, language, active, source, created_at, changed_at) "
                + "VALUES ({0}, '', {1}, {1}, {1}, {1}, {1}, TRUE, 'manual', 0, 0)",
                [id, language],
                Cancellation);
        }

        await migrator.ApplyAsync(Cancellation);
        var languages = await db.Set<Person>().ToDictionaryAsync(person => person.FamilyName, person => KebabCase.WordOf(person.Language) ?? "", Cancellation);
        Assert.Equal((french, english), (languages["fr"], languages["en"]));
    }

    private async Task<SchemaRefusedException> RefusalAfterAsync(string change)
    {
        await using var provider = storage.Open(await storage.CreateEmptyAsync());
        var migrator = provider.GetRequiredService<SchemaMigrator>();
        await migrator.ApplyAsync(Cancellation);
        await using var db = await provider.GetRequiredService<IDbContextFactory<TocsinDbContext>>().CreateDbContextAsync(Cancellation);
        await db.Database.ExecuteSqlRawAsync(change, Cancellation);
        return await Assert.ThrowsAsync<SchemaRefusedException>(() => migrator.ApplyAsync(Cancellation));
    }

    // What migrations may have beyond EF Core's model: its own bookkeeping, partial and expression indexes, and full-text tables.
    private static readonly string[] Allowed = ["schema_migrations", "_partial", "_search"];

    private async Task<List<string>> DescribeAsync(TocsinDbContext db)
    {
        await db.Database.OpenConnectionAsync(Cancellation);
        await using var command = db.Database.GetDbConnection().CreateCommand();
#pragma warning disable CA2100 // Constants of the two suites below.
        command.CommandText = DescribeSql;
#pragma warning restore CA2100
        await using DbDataReader reader = await command.ExecuteReaderAsync(Cancellation);
        var lines = new List<string>();
        while (await reader.ReadAsync(Cancellation)) lines.Add(reader.GetString(0));
        return lines;
    }
}

public sealed class Schema_on_Sqlite(SqliteStorage storage) : SchemaSpecification(storage), IClassFixture<SqliteStorage>
{
    protected override string DescribeSql => """
        SELECT 'column ' || t.name || '.' || c.name || ' ' || c.type || ' notnull=' || c."notnull" || ' pk=' || c.pk
        FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'
        UNION ALL
        SELECT 'index ' || t.name || ' ' || i.name || ' unique=' || i."unique" || ' (' || (SELECT group_concat(COALESCE(x.name, '?'), ',') FROM pragma_index_info(i.name) x) || ')'
        FROM sqlite_master t, pragma_index_list(t.name) i WHERE t.type = 'table' AND i.name NOT LIKE 'sqlite_%'
        UNION ALL
        SELECT 'foreign key ' || t.name || '.' || f."from" || ' -> ' || f."table" || '.' || COALESCE(f."to", '') || ' on delete ' || f.on_delete
        FROM sqlite_master t, pragma_foreign_key_list(t.name) f WHERE t.type = 'table'
        """;
}

public sealed class Schema_on_PostgreSql(PostgreSqlStorage storage) : SchemaSpecification(storage), IClassFixture<PostgreSqlStorage>
{
    protected override string DescribeSql => """
        SELECT 'column ' || table_name || '.' || column_name || ' ' || data_type || '(' || COALESCE(character_maximum_length, 0) || ') null=' || is_nullable || ' identity=' || is_identity
        FROM information_schema.columns WHERE table_schema = 'public'
        UNION ALL
        SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public'
        UNION ALL
        SELECT 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
        """;
}
