using System.Buffers;
using System.Data;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Tocsin.Storage.Events;
using Tocsin.Storage.Model;
using Tocsin.Storage.Schema;

namespace Tocsin.Storage.Backup;

/// <summary>Saves the whole database while it is in use, as one archive that restores into either kind of database.</summary>
/// <remarks>
/// A ZIP of <c>tables/NAME.jsonl</c> (one row a line, an array of values in column order) and <c>manifest.json</c>. All tables are read in one snapshot.
/// The archive holds everything, secrets included: whoever has it can sign answer links. See docs/operations/backup.md.
/// </remarks>
public sealed class BackupWriter(IDbContextFactory<TocsinDbContext> contexts, TimeProvider time)
{
    /// <summary>Writes the archive to <paramref name="destination"/>, which is left open. Holds one row in memory at a time.</summary>
    public async Task<BackupManifest> WriteAsync(Stream destination, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);

        // One snapshot: SQLite's deferred transaction pins it at the first read and blocks no writer; PostgreSQL's needs repeatable read.
        await db.Database.OpenConnectionAsync(cancellationToken);
        await using var transaction = db.Kind == DatabaseKind.Sqlite
            ? await db.Database.UseTransactionAsync(((Microsoft.Data.Sqlite.SqliteConnection)db.Database.GetDbConnection()).BeginTransaction(deferred: true), cancellationToken)
            : await db.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        using var archive = new ZipArchive(destination, ZipArchiveMode.Create, leaveOpen: true);
        var tables = new List<BackupTable>();
        foreach (var table in await TableCatalogue.ReadAsync(db, cancellationToken))
            tables.Add(await WriteTableAsync(db, archive, table, cancellationToken));
        var manifest = await DescribeAsync(db, tables, cancellationToken);
        await using var entry = archive.CreateEntry("manifest.json").Open();
        await JsonSerializer.SerializeAsync(entry, manifest, EventJson.Options, cancellationToken);
        return manifest;
    }

    private async Task<BackupManifest> DescribeAsync(TocsinDbContext db, List<BackupTable> tables, CancellationToken cancellationToken)
    {
        var lastAudit = await db.Set<AuditRecord>().OrderByDescending(r => r.Seq).Select(r => r.Hash).FirstOrDefaultAsync(cancellationToken);
        var eventHead = await db.Set<EventRecord>().MaxAsync(e => (long?)e.Seq, cancellationToken) ?? 0;
        var schema = await SchemaMigrator.VersionAsync(db, cancellationToken);
        return new BackupManifest(BackupManifest.CurrentFormat, schema, time.GetUtcNow(), eventHead, lastAudit is null ? null : Convert.ToHexStringLower(lastAudit), tables);
    }

    private static async Task<BackupTable> WriteTableAsync(TocsinDbContext db, ZipArchive archive, CataloguedTable table, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var entry = archive.CreateEntry($"tables/{table.Name}.jsonl", CompressionLevel.Fastest).Open();
        var columns = string.Join(", ", table.Columns.Select(column => $"\"{column.Name}\""));
        await using var command = db.CreateCommand($"SELECT {columns} FROM \"{table.Name}\"");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var line = new ArrayBufferWriter<byte>(1024);
        await using var writer = new Utf8JsonWriter(line);
        var rows = 0L;
        for (; await reader.ReadAsync(cancellationToken); rows++)
        {
            line.ResetWrittenCount();
            writer.Reset();
            writer.WriteStartArray();
            for (var i = 0; i < reader.FieldCount; i++) NeutralValue.Write(writer, reader.GetValue(i));
            writer.WriteEndArray();
            await writer.FlushAsync(cancellationToken);
            line.Write("\n"u8);
            hash.AppendData(line.WrittenSpan);
            await entry.WriteAsync(line.WrittenMemory, cancellationToken);
        }

        return new BackupTable(table.Name, [.. table.Columns.Select(column => column.Name)], rows, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}
