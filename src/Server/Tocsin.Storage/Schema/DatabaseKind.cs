namespace Tocsin.Storage.Schema;

public enum DatabaseKind
{
    /// <summary>Embedded, one node.</summary>
    Sqlite,

    /// <summary>A server of its own, several nodes.</summary>
    PostgreSql,
}
