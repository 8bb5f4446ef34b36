using System.Data.Common;

namespace Tocsin.Server.Cli;

/// <summary>A database that cannot be reached, opened or read, as a command tells it.</summary>
internal static class DatabaseFailure
{
    /// <summary>What the database's driver said. It stands in an <see cref="InvalidOperationException"/> of EF Core's where trying again might help.</summary>
    public static DbException? In(Exception exception) => exception as DbException ?? (exception as InvalidOperationException)?.InnerException as DbException;

    public static int Refuse(DbException failure) => ExitCodes.Refuse(ExitCodes.Database, $"The database cannot be used: {failure.Message}");
}
