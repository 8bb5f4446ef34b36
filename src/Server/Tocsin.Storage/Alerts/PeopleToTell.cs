using System.Text.Json;
using Tocsin.Alerting;
using Tocsin.Alerting.Content;
using Tocsin.Alerting.Plans;
using Tocsin.Storage.Bulk;
using Tocsin.Storage.Directory;
using Tocsin.Storage.Schema;

namespace Tocsin.Storage.Alerts;

/// <summary>A person with all that planning their messages needs.</summary>
public sealed class PersonToTell
{
    public required PersonId Id { get; init; }

    public required string Name { get; init; }

    public required ContentLanguage Language { get; init; }

    public required SiteId? Site { get; init; }

    /// <summary>Whether the person can sign in.</summary>
    public bool HasAccount { get; internal set; }

    public ChannelPreferences? Preferences { get; internal set; }

    /// <summary>Those that are switched on, in no order.</summary>
    public ContactPoint[] ContactPoints { get; internal set; } = [];

    /// <summary>The addresses of <see cref="ContactPoints"/>, as channels take them. Personal data: never logged.</summary>
    public string[] Addresses { get; internal set; } = [];

    public string AddressOf(ContactPointId point) => Addresses[Array.FindIndex(ContactPoints, candidate => candidate.Id == point)];
}

/// <summary>Reads a chunk of an audience from the directory.</summary>
public static class PeopleToTell
{
    /// <summary>Those of <paramref name="people"/> that the directory has, in the order of their ids.</summary>
    /// <param name="organisation">The language of those who have none of their own.</param>
    public static async Task<IReadOnlyList<PersonToTell>> ReadAsync(
        TocsinDbContext db, IReadOnlyCollection<PersonId> people, ContentLanguage organisation, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        await using var scope = await db.OpenAsync(cancellationToken);
        var ids = BulkSet.Of(db.Kind, people.Select(person => person.Value));
        var found = await ReadPeopleAsync(db, ids, people.Count, organisation, cancellationToken);
        await ReadAccountsAsync(db, ids, found, cancellationToken);
        await ReadPreferencesAsync(db, ids, found, cancellationToken);
        await ReadContactPointsAsync(db, ids, found, cancellationToken);
        return [.. found.Values];
    }

    private static async Task<Dictionary<Guid, PersonToTell>> ReadPeopleAsync(TocsinDbContext db, object ids, int count, ContentLanguage organisation, CancellationToken cancellationToken)
    {
        var people = new Dictionary<Guid, PersonToTell>(count);
        await using var command = db.CreateCommand(
            $"SELECT id, display_name, language, site_id FROM people WHERE {BulkSet.HasUuid(db.Kind, "id", "@ids")} ORDER BY id");
        command.Add("@ids", ids);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var id = UuidColumn.Read(db.Kind, reader, 0);
            people.Add(id, new PersonToTell
            {
                Id = new PersonId(id),
                Name = reader.GetString(1),
                Language = reader.IsDBNull(2) ? organisation : KebabCase.Read<ContentLanguage>(reader.GetString(2)),
                Site = reader.IsDBNull(3) ? null : new SiteId(UuidColumn.Read(db.Kind, reader, 3)),
            });
        }

        return people;
    }

    private static async Task ReadAccountsAsync(TocsinDbContext db, object ids, Dictionary<Guid, PersonToTell> people, CancellationToken cancellationToken)
    {
        await using var command = db.CreateCommand(
            $"SELECT person_id FROM accounts WHERE disabled_at IS NULL AND {BulkSet.HasUuid(db.Kind, "person_id", "@ids")}");
        command.Add("@ids", ids);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            if (people.TryGetValue(UuidColumn.Read(db.Kind, reader, 0), out var person)) person.HasAccount = true;
        }
    }

    private static async Task ReadPreferencesAsync(TocsinDbContext db, object ids, Dictionary<Guid, PersonToTell> people, CancellationToken cancellationToken)
    {
        await using var command = db.CreateCommand(
            $"SELECT person_id, channels FROM person_preferences WHERE {BulkSet.HasUuid(db.Kind, "person_id", "@ids")}");
        command.Add("@ids", ids);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            if (people.TryGetValue(UuidColumn.Read(db.Kind, reader, 0), out var person))
                person.Preferences = JsonSerializer.Deserialize<ChannelPreferences>(reader.GetString(1), AlertingJson.Options);
        }
    }

    private static async Task ReadContactPointsAsync(TocsinDbContext db, object ids, Dictionary<Guid, PersonToTell> people, CancellationToken cancellationToken)
    {
        await using var command = db.CreateCommand($"""
            SELECT person_id, id, kind, address, channel_data, rank, quiet_from_minute, quiet_until_minute, quiet_time_zone
            FROM contact_points WHERE {BulkSet.HasUuid(db.Kind, "person_id", "@ids")} AND enabled = TRUE ORDER BY person_id
            """);
        command.Add("@ids", ids);
        var points = new List<ContactPoint>();
        var addresses = new List<string>();
        var of = Guid.Empty;
        void Flush()
        {
            if (points.Count > 0 && people.TryGetValue(of, out var person)) (person.ContactPoints, person.Addresses) = ([.. points], [.. addresses]);
            points.Clear();
            addresses.Clear();
        }

        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var person = UuidColumn.Read(db.Kind, reader, 0);
            if (person != of) Flush();
            of = person;
            points.Add(new ContactPoint(
                new ContactPointId(UuidColumn.Read(db.Kind, reader, 1)),
                KebabCase.Read<ContactPointKind>(reader.GetString(2)),
                reader.GetInt32(5),
                reader.IsDBNull(6) ? null : StoredContactPoint.ToQuietHours(reader.GetInt32(6), reader.GetInt32(7), reader.GetString(8))));

            // A push subscription is its endpoint and keys together; every other address stands for itself.
            addresses.Add(reader.TextOrNull(4) ?? reader.GetString(3));
        }

        Flush();
    }
}
