using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Tocsin.Storage.Events;
using Tocsin.Storage.Schema;

namespace Tocsin.Storage.PostgreSql;

/// <summary>Tells the other nodes that the event log grew, by LISTEN/NOTIFY. Delivered at commit; a hint, as <see cref="EventSignal"/> is.</summary>
public static class NodeNotification
{
    private const string Channel = "tocsin_events";

    /// <param name="node">Whose event it is (<see cref="EventSignal.Node"/>): a node hears itself, too.</param>
    internal static Task SendAsync(TocsinDbContext db, long seq, string node, CancellationToken cancellationToken)
    {
        if (db.Kind == DatabaseKind.Sqlite) return Task.CompletedTask;
        var payload = string.Create(CultureInfo.InvariantCulture, $"{seq} {node}");
        return db.Database.ExecuteSqlAsync($"SELECT pg_notify({Channel}, {payload})", cancellationToken);
    }

    /// <summary>Passes what other nodes announce to <paramref name="signal"/> until cancelled or the connection breaks.</summary>
    /// <exception cref="NpgsqlException">The connection broke: call again.</exception>
    public static async Task ListenAsync(DatabaseOptions database, EventLog log, EventSignal signal, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(database);
        ArgumentNullException.ThrowIfNull(log);
        ArgumentNullException.ThrowIfNull(signal);
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database.ConnectionString) { Pooling = false, KeepAlive = 30 }.ToString());
        await connection.OpenAsync(cancellationToken);
        connection.Notification += (_, notification) => Hear(notification.Payload, signal);
        await using (var listen = new NpgsqlCommand($"LISTEN {Channel}", connection))
            await listen.ExecuteNonQueryAsync(cancellationToken);

        // What was committed while nobody listened was announced to nobody.
        signal.AnnounceOfOthers(await log.HeadAsync(cancellationToken));
        while (true) await connection.WaitAsync(cancellationToken);
    }

    private static void Hear(string payload, EventSignal signal)
    {
        var space = payload.IndexOf(' ', StringComparison.Ordinal);
        if (!long.TryParse(payload.AsSpan(0, space < 0 ? payload.Length : space), CultureInfo.InvariantCulture, out var seq)) return;
        if (space >= 0 && payload.AsSpan(space + 1).SequenceEqual(signal.Node)) signal.Announce(seq);
        else signal.AnnounceOfOthers(seq);
    }
}
