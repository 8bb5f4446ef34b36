using System.Data;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Tocsin.Storage.Schema;

namespace Tocsin.Storage.Directory;

/// <summary>Tells whether people, or what is said of them, changed between two looks. Equal marks: they did not.</summary>
/// <remarks>Numbers and the sums of times of change: whatever changes an entry, adds or removes one moves them (a person's time moves with their contact points, a group's with its members).</remarks>
public readonly record struct DirectoryMark(string Value)
{
    private const string Query = """
        SELECT (SELECT COUNT(*) || ' ' || COALESCE(SUM(changed_at), 0) FROM people) || '/' ||
               (SELECT COUNT(*) || ' ' || COALESCE(SUM(changed_at), 0) FROM sites) || '/' ||
               (SELECT COUNT(*) || ' ' || COALESCE(SUM(changed_at), 0) FROM groups) || '/' ||
               (SELECT COUNT(*) || ' ' || COALESCE(SUM(changed_at), 0) FROM functions) || '/' ||
               (SELECT COUNT(*) FROM contact_points) || '/' ||
               (SELECT COUNT(*) FROM group_members) || '/' ||
               (SELECT COUNT(*) FROM function_holders) || '/' ||
               (SELECT COUNT(*) FROM accounts WHERE disabled_at IS NULL) AS "Value"
        """;

    public static async Task<DirectoryMark> ReadAsync(TocsinDbContext db, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        return new DirectoryMark((await db.Database.SqlQueryRaw<string>(Query).ToListAsync(cancellationToken))[0]);
    }

    /// <summary>Begins a transaction that sees one moment of the database and holds up no writer.</summary>
    public static async Task<IDbContextTransaction> BeginSnapshotAsync(TocsinDbContext db, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        if (db.Kind == DatabaseKind.PostgreSql) return await db.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        await db.Database.OpenConnectionAsync(cancellationToken);
        var deferred = ((SqliteConnection)db.Database.GetDbConnection()).BeginTransaction(deferred: true);
        return (await db.Database.UseTransactionAsync(deferred, cancellationToken))!;
    }

    /// <summary>Keeps others from changing people until the transaction ends; they are read as ever. On SQLite its writer has that already.</summary>
    public static Task HoldAsync(TocsinDbContext db, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        return db.Kind == DatabaseKind.Sqlite
            ? Task.CompletedTask
            : db.Database.ExecuteSqlRawAsync("LOCK TABLE people, sites, groups, functions, group_members, function_holders IN SHARE ROW EXCLUSIVE MODE", cancellationToken);
    }
}
