using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Tocsin.Storage.Schema;

namespace Tocsin.Storage.Backup;

/// <summary>A table as the database itself describes it. <paramref name="Columns"/> in the table's own order, with the database's type names.</summary>
internal sealed record CataloguedTable(string Name, IReadOnlyList<CataloguedColumn> Columns);

internal sealed record CataloguedColumn(string Name, string Type, bool IsIdentity);

/// <summary>Lists the tables that a backup saves, parents before children.</summary>
internal static class TableCatalogue
{
    // Search indexes are made again by triggers as rows come in; the migration table is made by the migrator.
    private static readonly string[] Derived = ["schema_migrations", "_search"];

    public static async Task<IReadOnlyList<CataloguedTable>> ReadAsync(TocsinDbContext db, CancellationToken cancellationToken)
    {
        var columns = await QueryAsync(db, db.Kind == DatabaseKind.Sqlite ? SqliteColumns : PostgreSqlColumns, cancellationToken);
        var references = await QueryAsync(db, db.Kind == DatabaseKind.Sqlite ? SqliteReferences : PostgreSqlReferences, cancellationToken);
        var tables = columns
            .Where(row => !Derived.Any(name => row[0].Contains(name, StringComparison.Ordinal)))
            .GroupBy(row => row[0], StringComparer.Ordinal)
            .Select(table => new CataloguedTable(table.Key, [.. table.Select(row => new CataloguedColumn(row[1], row[2], row[3] == "YES"))]))
            .OrderBy(table => table.Name, StringComparer.Ordinal);
        return ParentsFirst([.. tables], references.ToLookup(row => row[0], row => row[1], StringComparer.Ordinal));
    }

    private static List<CataloguedTable> ParentsFirst(List<CataloguedTable> tables, ILookup<string, string> parents)
    {
        var ordered = new List<CataloguedTable>(tables.Count);
        var placed = new HashSet<string>(StringComparer.Ordinal);
        var waiting = tables;
        while (waiting.Count > 0)
        {
            var ready = waiting.Where(table => parents[table.Name].All(parent => parent == table.Name || placed.Contains(parent))).ToList();
            if (ready.Count == 0) throw new InvalidOperationException("The tables' foreign keys form a circle: they cannot be restored in any order.");
            ordered.AddRange(ready);
            placed.UnionWith(ready.Select(table => table.Name));
            waiting = [.. waiting.Except(ready)];
        }

        return ordered;
    }

    private static async Task<List<string[]>> QueryAsync(TocsinDbContext db, string sql, CancellationToken cancellationToken)
    {
        await using var command = db.CreateCommand(sql);
        await using DbDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<string[]>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetString(i))]);
        return rows;
    }

    private const string SqliteColumns =
        """
        SELECT t.name, c.name, c.type, 'NO' FROM sqlite_master t, pragma_table_info(t.name) c
        WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' ORDER BY t.name, c.cid
        """;

    private const string SqliteReferences =
        """SELECT t.name, f."table" FROM sqlite_master t, pragma_foreign_key_list(t.name) f WHERE t.type = 'table'""";

    private const string PostgreSqlColumns =
        """
        SELECT table_name::text, column_name::text, udt_name::text, is_identity::text FROM information_schema.columns
        WHERE table_schema = 'public' ORDER BY table_name, ordinal_position
        """;

    private const string PostgreSqlReferences =
        """SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace""";
}
