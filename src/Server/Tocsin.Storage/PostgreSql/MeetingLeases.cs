using Npgsql;
using Tocsin.Storage.Meetings;
using Tocsin.Storage.Schema;

namespace Tocsin.Storage.PostgreSql;

/// <summary>Has the call of each meeting carried by one node at a time. On SQLite there is only one.</summary>
/// <remarks>
/// A session-level advisory lock for each meeting (PostgreSQL, section 13.3.5), all on one connection of the node's own: they end with that connection, and so with a node that dies. Any thread.
/// </remarks>
public sealed class MeetingLeases(DatabaseOptions database) : IAsyncDisposable
{
    private readonly SemaphoreSlim turn = new(1, 1);

    // By meeting, which of this node's calls holds it: one that has ended gives back only what is still its own.
    private readonly Dictionary<MeetingId, object> held = [];
    private NpgsqlConnection? connection;
    private bool isClosed;

    /// <summary>Takes the meeting for <paramref name="call"/>, from an earlier call of this node too.</summary>
    /// <returns>False where another node carries it.</returns>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<bool> TryTakeAsync(MeetingId meeting, object call, CancellationToken cancellationToken)
    {
        if (database.Kind == DatabaseKind.Sqlite) return true;
        await turn.WaitAsync(cancellationToken);
        try
        {
            ObjectDisposedException.ThrowIf(isClosed, this);
            await ConnectAsync(cancellationToken);
            if (!held.ContainsKey(meeting) && !await IsTrueAsync("SELECT pg_try_advisory_lock(hashtextextended($1, 0))", meeting, cancellationToken)) return false;
            held[meeting] = call;
            return true;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>The call is over.</summary>
    public async Task GiveBackAsync(MeetingId meeting, object call)
    {
        if (database.Kind == DatabaseKind.Sqlite) return;
        await turn.WaitAsync();
        try
        {
            if (isClosed || !held.TryGetValue(meeting, out var holder) || holder != call) return;
            held.Remove(meeting);
            if (IsConnected) await IsTrueAsync("SELECT pg_advisory_unlock(hashtextextended($1, 0))", meeting, CancellationToken.None);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Gives back all that is held, by closing its connection. In its turn: calls that end with the node are giving theirs back, and a connection that is closed under a command may never end either.</summary>
    public async ValueTask DisposeAsync()
    {
        await turn.WaitAsync();
        try
        {
            isClosed = true;
            held.Clear();
            if (connection is not null) await connection.DisposeAsync();
        }
        finally
        {
            // Not disposed: whoever still waits for it finds everything given back.
            turn.Release();
        }
    }

    private bool IsConnected => connection?.State == System.Data.ConnectionState.Open;

    /// <summary>A new connection holds nothing: what this node carries is taken again, but for what another took meanwhile.</summary>
    private async Task ConnectAsync(CancellationToken cancellationToken)
    {
        if (IsConnected) return;
        if (connection is not null) await connection.DisposeAsync();
        connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database.ConnectionString) { Pooling = false, KeepAlive = 30 }.ToString());
        await connection.OpenAsync(cancellationToken);
        foreach (var meeting in held.Keys.ToList())
        {
            if (!await IsTrueAsync("SELECT pg_try_advisory_lock(hashtextextended($1, 0))", meeting, cancellationToken)) held.Remove(meeting);
        }
    }

    private async Task<bool> IsTrueAsync(string question, MeetingId meeting, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(question, connection) { Parameters = { new() { Value = $"tocsin.meeting:{meeting}" } } };
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }
}
