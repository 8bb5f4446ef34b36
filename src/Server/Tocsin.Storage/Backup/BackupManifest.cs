namespace Tocsin.Storage.Backup;

/// <summary>What a backup holds, as <c>manifest.json</c> in the archive. Written last: an archive without one is not whole.</summary>
/// <param name="Format">1.</param>
/// <param name="Schema">The highest migration of the database that was saved.</param>
/// <param name="CreatedAt">When the snapshot was taken.</param>
/// <param name="EventHead">The last event's number in it.</param>
/// <param name="AuditHead">The last audit record's hash in hex, or null where there is none.</param>
public sealed record BackupManifest(int Format, int Schema, DateTimeOffset CreatedAt, long EventHead, string? AuditHead, IReadOnlyList<BackupTable> Tables)
{
    public const int CurrentFormat = 1;
}

/// <param name="Sha256">Of the table's lines as stored uncompressed, in hex.</param>
public sealed record BackupTable(string Name, IReadOnlyList<string> Columns, long Rows, string Sha256);
