using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Tocsin.Storage;

/// <summary>Commands on a context's own connection and transaction, for bulk work that EF Core would be too slow for.</summary>
internal static class RawSql
{
    /// <summary>A command in the context's current transaction. <paramref name="sql"/> is a constant of ours: values go into parameters.</summary>
    public static DbCommand CreateCommand(this TocsinDbContext db, string sql)
    {
        var command = db.Database.GetDbConnection().CreateCommand();
        command.Transaction = db.Database.CurrentTransaction?.GetDbTransaction();
#pragma warning disable CA2100 // See the contract above.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command;
    }
}
