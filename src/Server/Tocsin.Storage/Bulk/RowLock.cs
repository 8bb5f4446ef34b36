using Tocsin.Storage.Schema;

namespace Tocsin.Storage.Bulk;

/// <summary>Ends a SELECT whose rows are about to be changed. SQLite's only writer needs none.</summary>
internal static class RowLock
{
    public static string Wait(DatabaseKind kind) => kind == DatabaseKind.Sqlite ? "" : " FOR UPDATE";

    /// <summary>Passes over rows that another transaction holds.</summary>
    public static string Skip(DatabaseKind kind) => kind == DatabaseKind.Sqlite ? "" : " FOR UPDATE SKIP LOCKED";
}
