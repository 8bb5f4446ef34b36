using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Storage.Bulk;
using Tocsin.Storage.Schema;

namespace Tocsin.Storage.Alerts;

/// <summary>The people of an alert: those decided upon, in chunks, and those who are recipients.</summary>
public static class AlertAudiences
{
    /// <summary>Freezes who a wave is for. The first chunk is small, so that the first messages leave at once.</summary>
    /// <param name="people">In the order of their ids, each once.</param>
    public static void Freeze(TocsinDbContext db, AlertId alert, int wave, ReadOnlySpan<PersonId> people)
    {
        ArgumentNullException.ThrowIfNull(db);
        for (var number = 0; !people.IsEmpty; number++)
        {
            var chunk = people[..Math.Min(people.Length, number == 0 ? AlertBounds.FirstChunk : AlertBounds.Chunk)];
            db.Add(new AudienceChunk { AlertId = alert, Wave = wave, ChunkNumber = number, PersonIds = Pack(chunk) });
            people = people[chunk.Length..];
        }
    }

    /// <summary>The people of a chunk, or null where there is no such chunk (any more).</summary>
    public static async Task<PersonId[]?> ReadChunkAsync(TocsinDbContext db, AlertId alert, int wave, long number, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        var packed = await db.Set<AudienceChunk>().Where(c => c.AlertId == alert && c.Wave == wave && c.ChunkNumber == number)
            .Select(c => c.PersonIds).FirstOrDefaultAsync(cancellationToken);
        return packed is null ? null : Unpack(packed);
    }

    public static Task RemoveChunkAsync(TocsinDbContext db, AlertId alert, int wave, long number, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        return db.Set<AudienceChunk>().Where(c => c.AlertId == alert && c.Wave == wave && c.ChunkNumber == number).ExecuteDeleteAsync(cancellationToken);
    }

    /// <summary>Which of <paramref name="people"/> the alert already has as recipients, locked.</summary>
    public static async Task<Dictionary<PersonId, RecipientInLedger>> FindRecipientsAsync(
        TocsinDbContext db, AlertId alert, IEnumerable<PersonId> people, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        var ids = new List<long>();
        await using (var command = db.CreateCommand($"SELECT id FROM recipients WHERE {BulkSet.HasUuid(db.Kind, "person_id", "@people")} AND alert_id = @alert"))
        {
            command.Add("@people", BulkSet.Of(db.Kind, people.Select(person => person.Value)));
            command.Add("@alert", UuidColumn.ToParameter(db.Kind, alert.Value));
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken)) ids.Add(reader.GetInt64(0));
        }

        if (ids.Count == 0) return [];
        var recipients = await DeliveryLedger.LoadRecipientsAsync(db, ids, cancellationToken);
        return recipients.Values.ToDictionary(recipient => recipient.PersonId);
    }

    /// <summary>Every recipient with the answer that counts, in the order of person ids.</summary>
    public static async Task<IReadOnlyList<(PersonId Person, Standing Standing, string? Answer)>> ReadAnswersAsync(
        TocsinDbContext db, AlertId alert, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        await using var scope = await db.OpenAsync(cancellationToken);
        await using var command = db.CreateCommand("SELECT person_id, standing, answer_choice FROM recipients WHERE alert_id = @alert");
        command.Add("@alert", UuidColumn.ToParameter(db.Kind, alert.Value));
        var people = new List<(PersonId Person, Standing Standing, string? Answer)>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            people.Add((new PersonId(UuidColumn.Read(db.Kind, reader, 0)), (Standing)reader.GetInt32(1), reader.TextOrNull(2)));
        people.Sort(static (a, b) => a.Person.Value.CompareTo(b.Person.Value));
        return people;
    }

    /// <summary>Where messages still wait to leave for these recipients: nobody is sent two at once to the same place.</summary>
    public static async Task<HashSet<(long Recipient, ChannelKind Channel, string Address)>> ReadOpenAddressesAsync(
        TocsinDbContext db, IEnumerable<long> recipients, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        await using var command = db.CreateCommand($"SELECT recipient_id, channel, address FROM deliveries WHERE state <= 1 AND {BulkSet.Has(db.Kind, "recipient_id", "@ids")}");
        command.Add("@ids", BulkSet.Of(db.Kind, recipients));
        var open = new HashSet<(long, ChannelKind, string)>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) open.Add((reader.GetInt64(0), (ChannelKind)reader.GetInt32(1), reader.GetString(2)));
        return open;
    }

    /// <summary>The highest recipient of the alert, or 0.</summary>
    public static async Task<(long First, long Last)> RecipientRangeAsync(TocsinDbContext db, AlertId alert, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        await using var scope = await db.OpenAsync(cancellationToken);
        await using var command = db.CreateCommand("SELECT MIN(id), MAX(id) FROM recipients WHERE alert_id = @alert");
        command.Add("@alert", UuidColumn.ToParameter(db.Kind, alert.Value));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) && !reader.IsDBNull(0) ? (reader.GetInt64(0), reader.GetInt64(1)) : (0, 0);
    }

    /// <summary>
    /// Where those recipients were reached whose ids lie above <paramref name="after"/> and up to <paramref name="through"/>: each place once. Reached means
    /// that a carrier took something older than <paramref name="revision"/>, may have taken it, or is being given it just now.
    /// </summary>
    public static async Task<IReadOnlyList<(long Recipient, ChannelKind Channel, string Address)>> ReadReachedAsync(
        TocsinDbContext db, AlertId alert, int revision, long after, long through, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        await using var command = db.CreateCommand($"""
            SELECT DISTINCT d.recipient_id, d.channel, d.address FROM deliveries d JOIN alert_messages m ON m.id = d.message_id
            WHERE d.recipient_id > @after AND d.recipient_id <= @through AND d.alert_id = @alert AND m.revision < @revision
            AND (d.state IN (3, 6, 7) OR (d.state = 1 AND d.lease_owner IS NOT NULL)
                OR (d.state IN (1, 2) AND EXISTS (SELECT 1 FROM delivery_attempts a WHERE a.delivery_id = d.id AND a.result = {(int)AttemptResult.Unknown})))
            ORDER BY d.recipient_id, d.channel
            """);
        command.Add("@after", after);
        command.Add("@through", through);
        command.Add("@alert", UuidColumn.ToParameter(db.Kind, alert.Value));
        command.Add("@revision", revision);
        var reached = new List<(long, ChannelKind, string)>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) reached.Add((reader.GetInt64(0), (ChannelKind)reader.GetInt32(1), reader.GetString(2)));
        return reached;
    }

    private static byte[] Pack(ReadOnlySpan<PersonId> people)
    {
        var bytes = new byte[people.Length * 16];
        for (var i = 0; i < people.Length; i++) people[i].Value.TryWriteBytes(bytes.AsSpan(i * 16), bigEndian: true, out _);
        return bytes;
    }

    private static PersonId[] Unpack(byte[] bytes)
    {
        var people = new PersonId[bytes.Length / 16];
        for (var i = 0; i < people.Length; i++) people[i] = new PersonId(new Guid(bytes.AsSpan(i * 16, 16), bigEndian: true));
        return people;
    }
}
