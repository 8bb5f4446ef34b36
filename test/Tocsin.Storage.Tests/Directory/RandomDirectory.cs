using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Audience;
using Tocsin.Alerting.Plans;
using Tocsin.Alerting.Rotas;
using Tocsin.Storage.Directory;

namespace Tocsin.Storage.Tests.Directory;

/// <summary>A small directory drawn at random, as rows to load and as the oracle's snapshot. Groups nest in circles too.</summary>
internal sealed class RandomDirectory
{
    private static readonly DateTimeOffset Created = DateTimeOffset.FromUnixTimeMilliseconds(1_790_000_000_000);

    private readonly Random random;
    private readonly Rota[] rotas;

    public RandomDirectory(Random random, int people = 40)
    {
        this.random = random;
        var sites = Many(3, i => new Site { Id = new(NewId()), Name = $"Site {i}" });
        var groups = Many(6, i => new PersonGroup { Id = new(NewId()), Name = $"Groupe {i}" });
        var functions = Many(3, i => new CrisisFunction { Id = new(NewId()), NameFr = $"Fonction {i}" });
        var lists = Many(2, i => new PersonList { Id = new(NewId()), Name = $"Liste {i}" });
        var everyone = Many(people, i => NewPerson(i, sites));
        rotas = Many(3, i => NewRota(i, everyone));
        Load = new DirectoryLoad
        {
            Sites = sites,
            Groups = groups,
            Functions = functions,
            Lists = lists,
            People = everyone,
            Rotas = [.. rotas.Select(rota => new StoredRota { Id = rota.Id, Name = rota.Name, Definition = JsonSerializer.Serialize(rota, AlertingJson.Options) })],
            ContactPoints = [.. everyone.Select(person => new StoredContactPoint { Id = new(NewId()), PersonId = person.Id, Kind = ContactPointKind.Email, Address = "somebody@example.org" })],
            GroupMembers = Pairs(groups, everyone, 50, (g, p) => new GroupMember { GroupId = g.Id, PersonId = p.Id }, m => (m.GroupId, m.PersonId)),
            GroupNestings = Pairs(groups, groups, 7, (outer, inner) => new GroupNesting { ParentId = outer.Id, ChildId = inner.Id }, n => (n.ParentId, n.ChildId)),
            FunctionHolders = Pairs(functions, everyone, 10, (f, p) => new FunctionHolder { FunctionId = f.Id, PersonId = p.Id, Rank = random.Next(3) }, h => (h.FunctionId, h.PersonId)),
            ListMembers = Pairs(lists, everyone, 15, (l, p) => new ListMember { ListId = l.Id, PersonId = p.Id }, m => (m.ListId, m.PersonId)),
        };
    }

    public DirectoryLoad Load { get; }

    /// <summary>Takes out what an earlier case left.</summary>
    public static async Task ClearAsync(TocsinDbContext db, CancellationToken cancellationToken)
    {
        foreach (var table in (string[])["person_words", "person_preferences", "contact_points", "group_members", "group_subgroups", "function_holders", "list_members", "people", "sites", "groups", "functions", "rotas", "lists"])
        {
#pragma warning disable EF1002 // The constants above.
            await db.Database.ExecuteSqlRawAsync($"DELETE FROM {table}", cancellationToken);
#pragma warning restore EF1002
        }
    }

    /// <summary>The directory as the pure rules see it, people in id order.</summary>
    public DirectorySnapshot SnapshotAt(DateTimeOffset moment) => new(new DirectoryContents
    {
        People = Load.People.Where(person => person.Active).OrderBy(person => person.Id.Value).Select(person => person.Id),
        GroupMembers = Load.GroupMembers.Select(m => (m.GroupId, m.PersonId)),
        NestedGroups = Load.GroupNestings.Select(n => (n.ParentId, n.ChildId)),
        SitePeople = Load.People.Where(person => person.SiteId is not null).Select(person => (person.SiteId!.Value, person.Id)),
        FunctionHolders = Load.FunctionHolders.Where(h => h.Rank == FunctionHolder.Holder).Select(h => (h.FunctionId, h.PersonId)),
        OnDuty = rotas.SelectMany(rota => rota.OnDutyAt(moment).Select(person => (rota.Id, person))),
        ListPeople = Load.ListMembers.Select(m => (m.ListId, m.PersonId)),
    });

    public AudienceExpression NewExpression() => new() { Include = NewSelection(likely: true), Exclude = random.Next(3) == 0 ? AudienceSelection.Nobody : NewSelection(likely: false) };

    public DateTimeOffset NewMoment() => Created + TimeSpan.FromMinutes(random.Next(60 * 24 * 40));

    private AudienceSelection NewSelection(bool likely) => new()
    {
        Everyone = random.Next(likely ? 6 : 20) == 0,
        People = Some(Load.People, p => p.Id),
        Groups = Some(Load.Groups, g => g.Id),
        Sites = Some(Load.Sites, s => s.Id),
        Functions = Some(Load.Functions, f => f.Id),
        OnDuty = Some(Load.Rotas, r => r.Id),
        Lists = Some(Load.Lists, l => l.Id),
    };

    /// <summary>Often none, sometimes several, sometimes one that nobody knows, sometimes one twice.</summary>
    private TId[] Some<T, TId>(IReadOnlyCollection<T> all, Func<T, TId> idOf)
        where TId : struct, IUuid<TId>
    {
        if (random.Next(2) == 0) return [];
        var some = Many(random.Next(4), _ => idOf(all.ElementAt(random.Next(all.Count)))).ToList();
        if (random.Next(5) == 0) some.Add(TId.From(NewId()));
        return [.. some];
    }

    private Person NewPerson(int number, Site[] sites) => new()
    {
        Id = new(NewId()),
        ExternalId = random.Next(4) == 0 ? null : $"M{number}",
        FamilyName = $"Nom{number}",
        GivenName = "Élodie",
        DisplayName = $"Élodie Nom{number}",
        SiteId = random.Next(4) == 0 ? null : sites[random.Next(sites.Length)].Id,
        Active = random.Next(6) != 0,
        CreatedAt = Created,
        ChangedAt = Created,
    };

    private Rota NewRota(int number, Person[] people) => new()
    {
        Id = new(NewId()),
        Name = $"Astreinte {number}",
        TimeZone = "Europe/Paris",
        Shifts =
        [
            new ShiftPattern
            {
                Key = "night",
                Anchor = new DateOnly(2026, 9, 1),
                Cadence = ShiftCadence.Daily,
                StartsAt = new TimeOnly(20, 0),
                EndsAt = new TimeOnly(8, 0),
                EndsAfterDays = 1,
                Turns = Many(1 + random.Next(4), _ => people[random.Next(people.Length)].Id),
            },
        ],
    };

    private TPair[] Pairs<TOuter, TInner, TPair, TKey>(TOuter[] outer, TInner[] inner, int count, Func<TOuter, TInner, TPair> make, Func<TPair, TKey> keyOf) =>
        [.. Many(count, _ => make(outer[random.Next(outer.Length)], inner[random.Next(inner.Length)])).DistinctBy(keyOf)];

    private static T[] Many<T>(int count, Func<int, T> make) => [.. Enumerable.Range(0, count).Select(make)];

    private Guid NewId()
    {
        var bytes = new byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes);
    }
}
