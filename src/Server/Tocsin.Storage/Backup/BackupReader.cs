using System.Buffers;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Events;
using Tocsin.Storage.Model;
using Tocsin.Storage.Schema;

namespace Tocsin.Storage.Backup;

/// <summary>Checks an archive, and restores it into an empty database of either kind, all or nothing.</summary>
public sealed class BackupReader(IDbContextFactory<TocsinDbContext> contexts, SchemaMigrator migrator)
{
    private const long MaximumManifest = 1024 * 1024;
    private const int MaximumLine = 4 * 1024 * 1024;

    /// <summary>Reads every byte of <paramref name="source"/> and compares it with its manifest.</summary>
    /// <exception cref="BackupRefusedException">The archive is not whole, was changed, or is of a newer program.</exception>
    public static async Task<BackupManifest> VerifyAsync(Stream source, CancellationToken cancellationToken)
    {
        using var archive = Open(source);
        var manifest = await ReadManifestAsync(archive, cancellationToken);
        foreach (var table in manifest.Tables)
            await ReadTableAsync(archive, table, static (_, _) => Task.CompletedTask, cancellationToken);
        return manifest;
    }

    /// <summary>Makes the schema of the archive's time, loads every table in one transaction, checks hashes, row counts and the audit chain, then brings the schema up to this program's.</summary>
    /// <exception cref="BackupRefusedException">As in <see cref="VerifyAsync"/>, or the database already holds something. Nothing was changed, but for an empty schema.</exception>
    public async Task<BackupManifest> RestoreAsync(Stream source, CancellationToken cancellationToken)
    {
        using var archive = Open(source);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var manifest = await ReadManifestAsync(archive, cancellationToken);
        if (manifest.Schema > SchemaMigrator.CurrentVersion(db.Kind))
            throw new BackupRefusedException("backup-newer", "This backup was made by a newer version of Tocsin: restore it with that version.");
        await migrator.ApplyAsync(manifest.Schema, cancellationToken);
        if (await SchemaMigrator.VersionAsync(db, cancellationToken) > manifest.Schema)
            throw new BackupRefusedException("database-not-empty", "A newer schema is already in this database. Restore into an empty data directory or database, then switch to it.");
        await using (var transaction = await db.Database.BeginTransactionAsync(cancellationToken))
        {
            var tables = await TableCatalogue.ReadAsync(db, cancellationToken);
            await RefuseUsedAsync(db, cancellationToken);
            foreach (var table in tables) await LoadAsync(db, archive, manifest, table, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        await migrator.ApplyAsync(cancellationToken);
        if (await AuditChain.FindBreakAsync(contexts, cancellationToken) is { } seq)
            throw new BackupRefusedException("backup-audit-broken", string.Create(CultureInfo.InvariantCulture, $"The database was restored, but its audit chain is broken at record {seq}."));
        return manifest;
    }

    private static async Task RefuseUsedAsync(TocsinDbContext db, CancellationToken cancellationToken)
    {
        if (await db.Set<EventRecord>().AnyAsync(cancellationToken) || await db.Set<AuditRecord>().AnyAsync(cancellationToken))
            throw new BackupRefusedException("database-not-empty", "The database already holds an installation. Restore into an empty data directory or database, then switch to it.");

        // What a first start makes by itself gives way to what the archive holds.
        foreach (var table in (string[])["secrets", "settings"])
        {
            await using var command = db.CreateCommand($"DELETE FROM {table}");
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private static async Task LoadAsync(TocsinDbContext db, ZipArchive archive, BackupManifest manifest, CataloguedTable table, CancellationToken cancellationToken)
    {
        var saved = manifest.Tables.FirstOrDefault(t => t.Name == table.Name)
            ?? throw new BackupRefusedException("backup-damaged", $"The archive lacks the table {table.Name}.");
        var columns = saved.Columns.Select(name => table.Columns.FirstOrDefault(column => column.Name == name)
            ?? throw new BackupRefusedException("backup-damaged", $"The archive has a column {table.Name}.{name} that this schema does not know.")).ToList();
        if (db.Kind == DatabaseKind.Sqlite)
            await LoadSqliteAsync(db, archive, saved, columns, cancellationToken);
        else
            await LoadPostgreSqlAsync(db, archive, saved, columns, cancellationToken);
    }

    private static async Task LoadSqliteAsync(TocsinDbContext db, ZipArchive archive, BackupTable saved, List<CataloguedColumn> columns, CancellationToken cancellationToken)
    {
        var names = string.Join(", ", columns.Select(column => $"\"{column.Name}\""));
        var places = string.Join(", ", columns.Select((_, i) => string.Create(CultureInfo.InvariantCulture, $"$p{i}")));
        await using var insert = (SqliteCommand)db.CreateCommand($"INSERT INTO \"{saved.Name}\" ({names}) VALUES ({places})");
        for (var i = 0; i < columns.Count; i++) insert.Parameters.Add(new SqliteParameter(string.Create(CultureInfo.InvariantCulture, $"$p{i}"), DBNull.Value));
        await ReadTableAsync(
            archive,
            saved,
            async (row, token) =>
            {
                for (var i = 0; i < columns.Count; i++) insert.Parameters[i].Value = NeutralValue.Read(row[i], columns[i].Type);
                await insert.ExecuteNonQueryAsync(token);
            },
            cancellationToken);
    }

    private static async Task LoadPostgreSqlAsync(TocsinDbContext db, ZipArchive archive, BackupTable saved, List<CataloguedColumn> columns, CancellationToken cancellationToken)
    {
        var names = string.Join(", ", columns.Select(column => $"\"{column.Name}\""));
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        await using (var copy = await connection.BeginBinaryImportAsync($"COPY \"{saved.Name}\" ({names}) FROM STDIN (FORMAT BINARY)", cancellationToken))
        {
            await ReadTableAsync(
                archive,
                saved,
                async (row, token) =>
                {
                    await copy.StartRowAsync(token);
                    for (var i = 0; i < columns.Count; i++) await WriteAsync(copy, NeutralValue.Read(row[i], columns[i].Type), columns[i].Type, token);
                },
                cancellationToken);
            await copy.CompleteAsync(cancellationToken);
        }

        foreach (var identity in columns.Where(column => column.IsIdentity))
        {
            await using var advance = db.CreateCommand(
                $"SELECT setval(pg_get_serial_sequence('{saved.Name}', '{identity.Name}'), COALESCE((SELECT MAX(\"{identity.Name}\") FROM \"{saved.Name}\"), 0) + 1, false)");
            await advance.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private static Task WriteAsync(NpgsqlBinaryImporter copy, object value, string type, CancellationToken cancellationToken) =>
        value is DBNull ? copy.WriteNullAsync(cancellationToken)
            : type == "jsonb" ? copy.WriteAsync((string)value, NpgsqlDbType.Jsonb, cancellationToken)
            : copy.WriteAsync(value, type, cancellationToken);

    private static ZipArchive Open(Stream source)
    {
        try
        {
            var archive = new ZipArchive(source, ZipArchiveMode.Read, leaveOpen: true);

            // The directory is read when first asked for: ask here, where a damaged one is caught.
            _ = archive.Entries.Count;
            return archive;
        }
        catch (InvalidDataException exception)
        {
            throw new BackupRefusedException("backup-damaged", "This file is not a Tocsin backup, or it was cut short.", exception);
        }
    }

    private static async Task<BackupManifest> ReadManifestAsync(ZipArchive archive, CancellationToken cancellationToken)
    {
        if (archive.GetEntry("manifest.json") is not { Length: <= MaximumManifest } entry)
            throw new BackupRefusedException("backup-damaged", "The archive has no manifest: it is not a Tocsin backup, or it was cut short.");
        try
        {
            await using var stream = entry.Open();
            var manifest = await JsonSerializer.DeserializeAsync<BackupManifest>(stream, EventJson.Options, cancellationToken);
            if (manifest is not { Format: BackupManifest.CurrentFormat, Tables: not null })
                throw new BackupRefusedException("backup-newer", "The archive's format is not known to this version.");
            if (manifest.Tables.Any(table => table is not { Name: not null, Columns: not null, Sha256: not null }))
                throw new BackupRefusedException("backup-damaged", "The archive's manifest lacks what it says of a table.");
            return manifest;
        }
        catch (Exception exception) when (exception is JsonException or InvalidDataException)
        {
            throw new BackupRefusedException("backup-damaged", "The archive's manifest cannot be read.", exception);
        }
    }

    /// <summary>Gives each row of a table to <paramref name="take"/> and compares hash and count at the end.</summary>
    private static async Task ReadTableAsync(ZipArchive archive, BackupTable table, Func<JsonElement, CancellationToken, Task> take, CancellationToken cancellationToken)
    {
        var entry = archive.GetEntry($"tables/{table.Name}.jsonl") ?? throw new BackupRefusedException("backup-damaged", $"The archive lacks the table {table.Name}.");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var rows = 0L;
        try
        {
            await using var stream = entry.Open();
            var lines = System.IO.Pipelines.PipeReader.Create(stream);
            while (true)
            {
                var read = await lines.ReadAsync(cancellationToken);
                var buffer = read.Buffer;
                while (buffer.PositionOf((byte)'\n') is { } end)
                {
                    var line = buffer.Slice(0, buffer.GetPosition(1, end));
                    foreach (var segment in line) hash.AppendData(segment.Span);
                    using (var row = JsonDocument.Parse(line))
                    {
                        if (row.RootElement.GetArrayLength() != table.Columns.Count) throw new FormatException("A row has another number of columns than the table.");
                        await take(row.RootElement, cancellationToken);
                    }

                    rows++;
                    buffer = buffer.Slice(buffer.GetPosition(1, end));
                }

                if (buffer.Length > MaximumLine) throw new FormatException("A row is longer than any that is written.");
                if (read.IsCompleted && !buffer.IsEmpty) throw new FormatException("Bytes follow the last row.");
                lines.AdvanceTo(buffer.Start, buffer.End);
                if (!read.IsCompleted) continue;
                if (!buffer.IsEmpty) throw new FormatException("Something stands after the last row.");
                break;
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidDataException or FormatException or OverflowException or InvalidOperationException or ArgumentException)
        {
            throw new BackupRefusedException("backup-damaged", $"The table {table.Name} cannot be read from the archive.", exception);
        }

        if (rows != table.Rows || Convert.ToHexStringLower(hash.GetHashAndReset()) != table.Sha256)
            throw new BackupRefusedException("backup-damaged", $"The table {table.Name} is not what was saved: the archive was changed or damaged.");
    }
}

/// <summary>A backup cannot be used. <see cref="Code"/> is stable.</summary>
public sealed class BackupRefusedException(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    public string Code { get; } = code;
}
