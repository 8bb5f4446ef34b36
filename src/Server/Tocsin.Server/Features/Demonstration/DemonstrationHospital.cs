using System.Globalization;
using System.Text;
using System.Text.Json;
using Tocsin.Alerting;
using Tocsin.Alerting.Content;
using Tocsin.Alerting.Plans;
using Tocsin.Alerting.Rotas;
using Tocsin.Storage.Directory;

namespace Tocsin.Server.Features.Demonstration;

/// <summary>A fictional French hospital: 300 people, 4 sites, units, crisis functions and rotas. The same at every start with the same seed.</summary>
/// <remarks>Telephone numbers are of the range that ARCEP keeps for fiction (06 39 98 00 00 to 06 39 98 99 99); mail addresses end with .example (RFC 2606).</remarks>
internal sealed class DemonstrationHospital
{
    public const string Name = "Centre hospitalier de Valmont (démonstration)";
    public const string TimeZone = "Europe/Paris";
    public const string Director = "Direction de crise";
    public const string SecurityOfficer = "Sécurité des systèmes d’information";
    public const string Communication = "Communication de crise";
    public const string Care = "Coordination des soins";

    private const int Size = 300;
    private const string MailDomain = "ch-valmont.example";

    private readonly Random random;
    private readonly DateTimeOffset now;
    private readonly HashSet<string> mailboxes = new(StringComparer.Ordinal);
    private readonly List<Person> people = [];
    private readonly List<StoredContactPoint> contactPoints = [];
    private readonly List<GroupMember> members = [];
    private readonly Dictionary<string, Site> sites;
    private readonly Dictionary<string, PersonGroup> groups;

    private DemonstrationHospital(Random random, DateTimeOffset now)
    {
        this.random = random;
        this.now = now;
        sites = HospitalUnit.All.Select(unit => unit.Site).Distinct(StringComparer.Ordinal)
            .ToDictionary(name => name, name => new Site { Id = new SiteId(NewId()), Name = name, CreatedAt = now, ChangedAt = now }, StringComparer.Ordinal);
        groups = HospitalUnit.All.SelectMany(unit => new[] { unit.Name, unit.Parent }).OfType<string>().Append("Cellule de crise").Distinct(StringComparer.Ordinal)
            .ToDictionary(name => name, name => new PersonGroup { Id = new GroupId(NewId()), Name = name, CreatedAt = now, ChangedAt = now }, StringComparer.Ordinal);
    }

    /// <summary>The person of the directory behind each who can sign in.</summary>
    public Dictionary<DemonstrationPerson, Person> SignInPeople { get; } = [];

    public DirectoryLoad Load { get; private set; } = new();

    public static DemonstrationHospital Create(Random random, DateTimeOffset now)
    {
        var hospital = new DemonstrationHospital(random, now);
        hospital.Build();
        return hospital;
    }

    private void Build()
    {
        foreach (var person in DemonstrationPerson.All)
            SignInPeople[person] = Add(person.Given, person.Family, person.JobTitle, HospitalUnit.All.First(unit => unit.Name == person.Unit));
        foreach (var member in SignInPeople.Where(pair => pair.Key.Function is not null))
            members.Add(new GroupMember { GroupId = groups["Cellule de crise"].Id, PersonId = member.Value.Id });
        foreach (var unit in HospitalUnit.All)
        {
            for (var i = 0; i < unit.People && people.Count < Size; i++)
                Add(Pick(FictionalNames.Given), Pick(FictionalNames.Family), Pick(unit.JobTitles), unit);
        }

        var functions = Functions();
        Load = new DirectoryLoad
        {
            Sites = sites.Values,
            Groups = groups.Values,
            GroupNestings = [.. HospitalUnit.All.Where(unit => unit.Parent is not null).Select(unit => new GroupNesting { ParentId = groups[unit.Parent!].Id, ChildId = groups[unit.Name].Id })],
            Functions = [.. functions.Select(pair => pair.Function)],
            FunctionHolders = [.. functions.SelectMany(pair => pair.Holders)],
            Rotas = Rotas(),
            People = people,
            ContactPoints = contactPoints,
            GroupMembers = members,
        };
    }

    private Person Add(string given, string family, string jobTitle, HospitalUnit unit)
    {
        var number = people.Count + 1;
        var person = new Person
        {
            Id = new PersonId(NewId()),
            ExternalId = string.Create(CultureInfo.InvariantCulture, $"V{number:0000}"),
            GivenName = given,
            FamilyName = family,
            DisplayName = $"{given} {family}",
            Language = number % 25 == 0 ? ContentLanguage.En : ContentLanguage.Fr,
            SiteId = sites[unit.Site].Id,
            JobTitle = jobTitle,
            CreatedAt = now,
            ChangedAt = now,
        };
        people.Add(person);
        members.Add(new GroupMember { GroupId = groups[unit.Name].Id, PersonId = person.Id });

        // A few have no mobile or no mailbox, as in any directory: the board must show them.
        var mailbox = MailboxOf(given, family);
        if (number <= DemonstrationPerson.All.Count || number % 41 != 0) AddPoint(person, ContactPointKind.Mobile, string.Create(CultureInfo.InvariantCulture, $"+336399{80000 + number}"), 0);
        if (number <= DemonstrationPerson.All.Count || number % 41 is not (0 or 7)) AddPoint(person, ContactPointKind.Email, mailbox, 1);
        return person;
    }

    private void AddPoint(Person person, ContactPointKind kind, string address, int rank) => contactPoints.Add(new StoredContactPoint
    {
        Id = new ContactPointId(NewId()),
        PersonId = person.Id,
        Kind = kind,
        Address = address,
        Rank = rank,
        VerifiedAt = random.Next(4) == 0 ? null : now.AddDays(-random.Next(1, 300)),
        CreatedAt = now,
        ChangedAt = now,
    });

    private List<(CrisisFunction Function, List<FunctionHolder> Holders)> Functions() =>
        [
            Function(Director, "Crisis direction"),
            Function(SecurityOfficer, "Information security"),
            Function(Communication, "Crisis communication"),
            Function(Care, "Care coordination"),
        ];

    private (CrisisFunction Function, List<FunctionHolder> Holders) Function(string french, string english)
    {
        var function = new CrisisFunction { Id = new FunctionId(NewId()), NameFr = french, NameEn = english, CreatedAt = now, ChangedAt = now };
        var holder = SignInPeople.First(pair => pair.Key.Function == french).Value;
        var deputies = people.Skip(DemonstrationPerson.All.Count).OrderBy(_ => random.Next()).Take(2);
        return (function, [.. deputies.Prepend(holder).Select((person, rank) => new FunctionHolder { FunctionId = function.Id, PersonId = person.Id, Rank = rank })]);
    }

    private List<StoredRota> Rotas() =>
        [
            Weekly("Astreinte de direction", PeopleOf("Direction et administration")),
            Weekly("Astreinte informatique", PeopleOf("Informatique")),
            Weekly("Astreinte technique", PeopleOf("Services techniques")),
            DayAndNight("Garde des urgences", PeopleOf("Urgences")),
        ];

    private StoredRota Weekly(string name, List<PersonId> turns) => Rota(name, new ShiftPattern
    {
        Key = "semaine",
        Anchor = Anchor(),
        Cadence = ShiftCadence.Weekly,
        Days = [DayOfWeek.Monday],
        StartsAt = new TimeOnly(8, 0),
        EndsAt = new TimeOnly(8, 0),
        EndsAfterDays = 7,
        Turns = [.. turns.Take(6)],
    });

    private StoredRota DayAndNight(string name, List<PersonId> turns) => Rota(
        name,
        new ShiftPattern { Key = "jour", Anchor = Anchor(), Cadence = ShiftCadence.Daily, StartsAt = new TimeOnly(7, 30), EndsAt = new TimeOnly(19, 30), Turns = [.. turns.Take(7)] },
        new ShiftPattern { Key = "nuit", Anchor = Anchor(), Cadence = ShiftCadence.Daily, StartsAt = new TimeOnly(19, 30), EndsAt = new TimeOnly(7, 30), EndsAfterDays = 1, Turns = [.. turns.Skip(7).Take(7)] });

    private StoredRota Rota(string name, params ShiftPattern[] shifts)
    {
        var rota = new Rota { Id = new RotaId(NewId()), Name = name, TimeZone = TimeZone, Shifts = shifts };
        return new StoredRota { Id = rota.Id, Name = name, Definition = JsonSerializer.Serialize(rota, AlertingJson.Options), CreatedAt = now, ChangedAt = now };
    }

    /// <summary>The Monday four weeks ago, so that the calendar has a past.</summary>
    private DateOnly Anchor()
    {
        var day = DateOnly.FromDateTime(now.UtcDateTime);
        return day.AddDays(-28 - (((int)day.DayOfWeek + 6) % 7));
    }

    private List<PersonId> PeopleOf(string group) => [.. members.Where(m => m.GroupId == groups[group].Id).Select(m => m.PersonId)];

    private string MailboxOf(string given, string family)
    {
        var name = $"{Plain(given)}.{Plain(family)}";
        for (var i = 1; ; i++)
        {
            var mailbox = string.Create(CultureInfo.InvariantCulture, $"{name}{(i == 1 ? "" : i)}@{MailDomain}");
            if (mailboxes.Add(mailbox)) return mailbox;
        }
    }

    private static string Plain(string name) => string.Concat(name.Normalize(NormalizationForm.FormD).Where(char.IsAsciiLetter)).ToLowerInvariant();

    private string Pick(IReadOnlyList<string> from) => from[random.Next(from.Count)];

    private Guid NewId()
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);

        // UUID version 7 (RFC 9562 section 5.7): the time first, then chance, with version and variant in their places.
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(bytes, (now.ToUnixTimeMilliseconds() << 16) | 0x7000 | (uint)random.Next(0x1000));
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
