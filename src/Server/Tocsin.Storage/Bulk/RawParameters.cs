using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace Tocsin.Storage.Bulk;

internal static class RawParameters
{
    public static void Add(this DbCommand command, string name, object? value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value ?? DBNull.Value;
        command.Parameters.Add(parameter);
    }

    /// <summary>Opens the context's connection for raw commands where no transaction has done so; disposing it lets go of it again.</summary>
    public static async Task<OpenConnection> OpenAsync(this TocsinDbContext db, CancellationToken cancellationToken)
    {
        await db.Database.OpenConnectionAsync(cancellationToken);
        return new OpenConnection(db);
    }

    public readonly struct OpenConnection(TocsinDbContext db) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => new(db.Database.CloseConnectionAsync());
    }
}
