using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using SQLitePCL;

namespace Tocsin.Storage.Sqlite;

/// <summary>A prepared statement of SQLite's own interface, for work of 100,000 rows: ADO.NET costs several times what SQLite itself does for a row.</summary>
/// <remarks>
/// Runs in the context's open connection and its current transaction. Parameters count from 1, columns from 0, as in SQLite.
/// Not thread-safe; to be disposed before the transaction ends.
/// </remarks>
internal sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 connection;
    private readonly sqlite3_stmt statement;
    private byte[] text = new byte[256];

    /// <param name="sql">A constant of ours: values go into parameters.</param>
    /// <exception cref="SqliteException">SQLite refuses the statement.</exception>
    public SqliteStatement(TocsinDbContext db, string sql)
    {
        connection = ((SqliteConnection)db.Database.GetDbConnection()).Handle ?? throw new InvalidOperationException("The connection is not open.");
        Check(raw.sqlite3_prepare_v2(connection, sql, out statement));
    }

    public SqliteStatement Bind(int parameter, long? value)
    {
        Check(value is { } number ? raw.sqlite3_bind_int64(statement, parameter, number) : raw.sqlite3_bind_null(statement, parameter));
        return this;
    }

    public SqliteStatement Bind(int parameter, double? value)
    {
        Check(value is { } number ? raw.sqlite3_bind_double(statement, parameter, number) : raw.sqlite3_bind_null(statement, parameter));
        return this;
    }

    public SqliteStatement Bind(int parameter, bool value) => Bind(parameter, value ? 1 : 0);

    public SqliteStatement Bind(int parameter, string? value)
    {
        if (value is null)
        {
            Check(raw.sqlite3_bind_null(statement, parameter));
            return this;
        }

        var most = Encoding.UTF8.GetMaxByteCount(value.Length);
        if (text.Length < most) text = new byte[most];
        var length = Encoding.UTF8.GetBytes(value, text);
        Check(raw.sqlite3_bind_text(statement, parameter, text.AsSpan(0, length)));
        return this;
    }

    public SqliteStatement Bind(int parameter, Guid? value)
    {
        if (value is null)
        {
            Check(raw.sqlite3_bind_null(statement, parameter));
            return this;
        }

        Span<byte> bytes = stackalloc byte[16];
        value.Value.TryWriteBytes(bytes, bigEndian: true, out _);
        Check(raw.sqlite3_bind_blob(statement, parameter, bytes));
        return this;
    }

    /// <param name="value">A whole number or a text.</param>
    public SqliteStatement Bind(int parameter, object value) => value switch
    {
        int number => Bind(parameter, (long)number),
        long number => Bind(parameter, (long?)number),
        string words => Bind(parameter, words),
        _ => throw new ArgumentException(value.GetType().Name, nameof(value)),
    };

    /// <param name="name">With its sign, as the statement writes it.</param>
    public int ParameterNumber(string name) => raw.sqlite3_bind_parameter_index(statement, name);

    /// <summary>Runs up to the next row.</summary>
    /// <returns>False when there is none.</returns>
    public bool Step()
    {
        var code = raw.sqlite3_step(statement);
        if (code == raw.SQLITE_ROW) return true;
        if (code != raw.SQLITE_DONE) SqliteException.ThrowExceptionForRC(code, connection);
        return false;
    }

    /// <summary>Runs a statement without rows, and makes it ready for the next values; those bound stay.</summary>
    public void Execute()
    {
        var code = raw.sqlite3_step(statement);
        _ = raw.sqlite3_reset(statement);
        if (code is not (raw.SQLITE_DONE or raw.SQLITE_ROW)) SqliteException.ThrowExceptionForRC(code, connection);
    }

    /// <summary>Makes a statement with rows ready to run again.</summary>
    public void Reset() => _ = raw.sqlite3_reset(statement);

    public bool IsNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;

    public long Number(int column) => raw.sqlite3_column_int64(statement, column);

    public string Text(int column) => raw.sqlite3_column_text(statement, column).utf8_to_string();

    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    public Guid Uuid(int column) => new(raw.sqlite3_column_blob(statement, column), bigEndian: true);

    public void Dispose() => statement.Dispose();

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK) SqliteException.ThrowExceptionForRC(code, connection);
    }
}
