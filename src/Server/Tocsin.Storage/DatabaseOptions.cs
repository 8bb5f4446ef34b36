using Tocsin.Storage.Schema;

namespace Tocsin.Storage;

/// <summary>Which database, where.</summary>
/// <param name="ConnectionString">Of Microsoft.Data.Sqlite or Npgsql. Holds secrets: never logged.</param>
public sealed record DatabaseOptions(DatabaseKind Kind, string ConnectionString)
{
    public static DatabaseOptions SqliteFile(string path) =>
        new(DatabaseKind.Sqlite, new Microsoft.Data.Sqlite.SqliteConnectionStringBuilder { DataSource = path, ForeignKeys = true, DefaultTimeout = 30 }.ToString());

    /// <summary>Reads <c>postgres://user:password@host:port/database?sslmode=require</c> (also <c>postgresql://</c>) or <c>sqlite:PATH</c>.</summary>
    public static bool TryParse(string text, out DatabaseOptions? options)
    {
        ArgumentNullException.ThrowIfNull(text);
        options = null;
        if (text.StartsWith("sqlite:", StringComparison.Ordinal) && text.Length > 7)
            options = SqliteFile(text[7..]);
        else if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "postgres" or "postgresql" && uri!.AbsolutePath.Length > 1)
            options = FromUri(uri);
        return options is not null;
    }

    /// <summary>Closes the connections that wait to be used again, and with them the files: for a database that nobody will open again.</summary>
    public void CloseIdleConnections()
    {
        if (Kind == DatabaseKind.Sqlite)
        {
            using var connection = new Microsoft.Data.Sqlite.SqliteConnection(ConnectionString);
            Microsoft.Data.Sqlite.SqliteConnection.ClearPool(connection);
        }
        else
        {
            using var connection = new Npgsql.NpgsqlConnection(ConnectionString);
            Npgsql.NpgsqlConnection.ClearPool(connection);
        }
    }

    private static DatabaseOptions? FromUri(Uri uri)
    {
        var user = uri.UserInfo.Split(':', 2);
        var builder = new Npgsql.NpgsqlConnectionStringBuilder
        {
            Host = uri.Host.Length == 0 ? "localhost" : Uri.UnescapeDataString(uri.Host),
            Port = uri.Port > 0 ? uri.Port : 5432,
            Database = Uri.UnescapeDataString(uri.AbsolutePath[1..]),
            ApplicationName = "tocsin",
        };
        if (user[0].Length > 0) builder.Username = Uri.UnescapeDataString(user[0]);
        if (user.Length > 1) builder.Password = Uri.UnescapeDataString(user[1]);
        foreach (var pair in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pair.Split('=', 2);
            if (!TrySet(builder, Uri.UnescapeDataString(parts[0]), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "")) return null;
        }

        return new DatabaseOptions(DatabaseKind.PostgreSql, builder.ToString());
    }

    private static bool TrySet(Npgsql.NpgsqlConnectionStringBuilder builder, string name, string value)
    {
        try
        {
            // libpq's spelling of the one parameter everybody uses; the rest are Npgsql's own names.
            builder[name.Equals("sslmode", StringComparison.OrdinalIgnoreCase) ? "SSL Mode" : name] = value;
            return true;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or InvalidCastException)
        {
            return false;
        }
    }
}
