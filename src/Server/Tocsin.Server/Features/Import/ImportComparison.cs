using System.Text.Json;
using Tocsin.Alerting;
using Tocsin.Alerting.Plans;
using Tocsin.Server.Features.Directory;
using Tocsin.Server.Features.Directory.People;
using Tocsin.Storage.Directory;
using Tocsin.Storage.Events;
using Tocsin.Storage.Schema;

namespace Tocsin.Server.Features.Import;

/// <summary>One field of somebody, before and after. Null: nothing.</summary>
internal sealed record ImportedField(string Field, string? Before, string? After);

/// <summary>Compares the lines of a file with the directory, and works out what they would change. The same input gives the same answer, ids apart.</summary>
/// <remarks>
/// Somebody is found again by external id, else by mail address, else by name if only one person has it. An empty cell changes nothing. What was typed by hand is
/// never overwritten among contact points and memberships: an import moves and removes only what an import brought.
/// </remarks>
internal sealed class ImportComparison
{
    private readonly DirectoryImage image;
    private readonly PeopleImportId import;
    private readonly DateTimeOffset now;
    private readonly bool keepsLines;
    private readonly int[] counts = new int[Enum.GetValues<PeopleImportAction>().Length];
    private readonly Dictionary<string, Person> byExternalId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Person?> byEmail = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Person?> byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Site> sites;
    private readonly Dictionary<string, PersonGroup> groups;
    private readonly Dictionary<string, CrisisFunction> functions;
    private readonly HashSet<PersonId> seen = [];
    private readonly HashSet<string> externalIdsSeen = new(StringComparer.Ordinal);
    private readonly List<PeopleImportLine> lines = [];
    private readonly List<Site> newSites = [];
    private readonly List<PersonGroup> newGroups = [];
    private readonly List<CrisisFunction> newFunctions = [];
    private readonly List<Person> added = [];
    private readonly List<StoredContactPoint> newPoints = [];
    private readonly List<GroupMember> newMembers = [];
    private readonly List<FunctionHolder> newHolders = [];
    private readonly List<(Person, string)> changed = [];
    private readonly List<StoredContactPoint> moved = [];
    private readonly List<GroupMember> membersRemoved = [];

    /// <param name="keepsLines">Whether <see cref="Lines"/> are wanted, to be shown; otherwise they are only counted.</param>
    public ImportComparison(DirectoryImage image, PeopleImportId import, DateTimeOffset now, bool keepsLines)
    {
        (this.image, this.import, this.now, this.keepsLines) = (image, import, now, keepsLines);
        sites = image.Sites.ToDictionary(site => site.NameKey, StringComparer.Ordinal);
        groups = image.AllGroups.ToDictionary(group => group.NameKey, StringComparer.Ordinal);
        functions = image.Functions.ToDictionary(function => function.NameKey, StringComparer.Ordinal);
        foreach (var person in image.People)
        {
            if (person.ExternalId is { } id) byExternalId.Add(id, person);

            // Null marks what several people share: it tells nobody apart.
            if (!byName.TryAdd(person.SortKey, person)) byName[person.SortKey] = null;
            foreach (var point in image.ContactPoints[person.Id].Where(point => point.Kind == ContactPointKind.Email))
            {
                if (!byEmail.TryAdd(point.Address, person) && byEmail[point.Address]?.Id != person.Id) byEmail[point.Address] = null;
            }
        }
    }

    public IReadOnlyList<PeopleImportLine> Lines => lines;

    public int Count(PeopleImportAction action) => counts[(int)action];

    /// <summary>Active people whom an import brought: what a full list is measured against.</summary>
    public int ImportedPeople => image.People.Count(person => person is { Active: true, Source: DirectorySource.Import });

    /// <summary>All that is to be written.</summary>
    public DirectoryBulkChanges Changes => new()
    {
        Added = new DirectoryLoad { Sites = newSites, Groups = newGroups, Functions = newFunctions, People = added, ContactPoints = newPoints, GroupMembers = newMembers, FunctionHolders = newHolders },
        Changed = changed,
        Moved = moved,
        MembersRemoved = membersRemoved,
    };

    public void Add(int line, ImportRow row)
    {
        var person = Find(row);
        var isTwice = (person is not null && !seen.Add(person.Id)) || (row.ExternalId is not null && !externalIdsSeen.Add(row.ExternalId));
        var outcome = new List<ImportedField>();
        if (row.Errors is { } errors) Write(line, PeopleImportAction.Refuse, person?.Id, row, errors);
        else if (isTwice) Refuse(line, person, row, "line-twice");
        else if (person is null && row.ExternalId is null && IsAmbiguous(row)) Refuse(line, null, row, "person-ambiguous");
        else if (person is null) Write(line, PeopleImportAction.Add, AddPerson(row, outcome), row, outcome);
        else if (TooManyPoints(person, row)) Refuse(line, person, row, "contact-points-too-many");
        else Write(line, Change(person, row, outcome) ? PeopleImportAction.Change : PeopleImportAction.Unchanged, person.Id, row, outcome);
    }

    /// <summary>Takes out whomever an earlier import brought and this file no longer names. After the last line.</summary>
    public void RemoveOthers(int afterLine)
    {
        foreach (var person in image.People.Where(person => person is { Active: true, Source: DirectorySource.Import } && !seen.Contains(person.Id)).OrderBy(person => person.SortKey, StringComparer.Ordinal).ThenBy(person => person.Id.Value))
        {
            afterLine++;
            var canSignIn = image.WithAccount.Contains(person.Id);
            WriteRemoval(afterLine, canSignIn ? PeopleImportAction.Refuse : PeopleImportAction.Remove, person);
            if (canSignIn) continue;
            (person.Active, person.ChangedAt) = (false, now);
            changed.Add((person, person.SearchText));
        }
    }

    private Person? Find(ImportRow row)
    {
        if (row.ExternalId is { } id) return byExternalId.GetValueOrDefault(id) ?? WithoutExternalId(row);
        return (row.Email is null ? null : byEmail.GetValueOrDefault(row.Email)) ?? byName.GetValueOrDefault(NameOf(row));
    }

    /// <summary>Somebody typed by hand, or imported without a number, gets the number now.</summary>
    private Person? WithoutExternalId(ImportRow row) =>
        row.Email is not null && byEmail.GetValueOrDefault(row.Email) is { ExternalId: null } person ? person : null;

    private bool IsAmbiguous(ImportRow row) => (row.Email is not null && byEmail.TryGetValue(row.Email, out var same) && same is null) || (byName.TryGetValue(NameOf(row), out same) && same is null);

    private static string NameOf(ImportRow row) => SearchText.SortKey(row.FamilyName ?? "", row.GivenName ?? "");

    private bool TooManyPoints(Person person, ImportRow row) =>
        image.ContactPoints[person.Id].Count() + Addresses(row).Count() > DirectoryBounds.ContactPointsPerPerson;

    private PersonId AddPerson(ImportRow row, List<ImportedField> outcome)
    {
        var person = new Person { Id = new(Guid.CreateVersion7(now)), Source = DirectorySource.Import, CreatedAt = now };
        WriteFields(person, row, outcome);
        person.ChangedAt = now;
        added.Add(person);
        if (row.ExternalId is { } id) byExternalId[id] = person;
        else byName[NameOf(row)] = person;
        seen.Add(person.Id);
        var rank = 0;
        foreach (var (kind, address) in Addresses(row)) AddPoint(person, kind, address, rank++, outcome);
        WriteMemberships(person, row, outcome);
        return person.Id;
    }

    private bool Change(Person person, ImportRow row, List<ImportedField> outcome)
    {
        var searchText = person.SearchText;
        WriteFields(person, row, outcome);
        if (!person.Active)
        {
            person.Active = true;
            outcome.Add(new ImportedField("active", "false", "true"));
        }

        var points = image.ContactPoints[person.Id].ToList();
        foreach (var (kind, address) in Addresses(row))
        {
            var same = points.Where(point => point.Kind == kind).ToList();
            if (same.Exists(point => string.Equals(point.Address, address, StringComparison.OrdinalIgnoreCase))) continue;
            if (same.Find(point => point.Source == DirectorySource.Import) is { } imported) Move(imported, address, outcome);
            else AddPoint(person, kind, address, points.Count == 0 ? 0 : points.Max(point => point.Rank) + 1, outcome);
        }

        WriteMemberships(person, row, outcome);
        if (outcome.Count == 0) return false;
        person.ChangedAt = now;
        changed.Add((person, searchText));
        return true;
    }

    private void WriteFields(Person person, ImportRow row, List<ImportedField> outcome)
    {
        var site = row.Site is null ? person.SiteId : SiteOf(row.Site).Id;
        var (given, family) = (row.GivenName ?? person.GivenName, row.FamilyName ?? person.FamilyName);

        // A display name that follows from the names goes on following them.
        var follows = person.DisplayName.Length == 0 || person.DisplayName == PersonFields.UsualDisplayName(person.GivenName, person.FamilyName);
        var display = row.DisplayName ?? (follows ? PersonFields.UsualDisplayName(given, family) : person.DisplayName);
        Note(outcome, "familyName", person.FamilyName, family);
        Note(outcome, "givenName", person.GivenName, given);
        Note(outcome, "displayName", person.DisplayName, display);
        Note(outcome, "externalId", person.ExternalId, row.ExternalId ?? person.ExternalId);
        Note(outcome, "language", KebabCase.WordOf(person.Language), KebabCase.WordOf(row.Language ?? person.Language));
        Note(outcome, "jobTitle", person.JobTitle, row.JobTitle ?? person.JobTitle);
        if (site != person.SiteId) outcome.Add(new ImportedField("site", image.Sites.FirstOrDefault(s => s.Id == person.SiteId)?.Name, row.Site));
        new PersonFields(given, family, display, row.ExternalId ?? person.ExternalId, row.Language ?? person.Language, site, row.JobTitle ?? person.JobTitle).ApplyTo(person);
    }

    private void WriteMemberships(Person person, ImportRow row, List<ImportedField> outcome)
    {
        var present = image.Groups[person.Id].ToList();
        if (row.Groups is { } names)
        {
            var wanted = names.Select(GroupOf).ToList();
            foreach (var group in wanted.Where(group => !present.Exists(member => member.GroupId == group.Id)))
            {
                newMembers.Add(new GroupMember { GroupId = group.Id, PersonId = person.Id, Source = DirectorySource.Import });
                outcome.Add(new ImportedField("groups", null, group.Name));
            }

            foreach (var member in present.Where(member => member.Source == DirectorySource.Import && !wanted.Exists(group => group.Id == member.GroupId)))
            {
                membersRemoved.Add(member);
                outcome.Add(new ImportedField("groups", image.AllGroups.FirstOrDefault(group => group.Id == member.GroupId)?.Name, null));
            }
        }

        foreach (var function in (row.Functions ?? []).Select(FunctionOf).Where(function => image.Holders.Add((function.Id, person.Id))))
        {
            newHolders.Add(new FunctionHolder { FunctionId = function.Id, PersonId = person.Id, Rank = FunctionHolder.Holder, Source = DirectorySource.Import });
            outcome.Add(new ImportedField("functions", null, function.NameFr ?? function.NameEn));
        }
    }

    private void AddPoint(Person person, ContactPointKind kind, string address, int rank, List<ImportedField> outcome)
    {
        newPoints.Add(new StoredContactPoint { Id = new(Guid.CreateVersion7(now)), PersonId = person.Id, Kind = kind, Address = address, Rank = rank, Source = DirectorySource.Import, CreatedAt = now, ChangedAt = now });
        outcome.Add(new ImportedField(KebabCase.WordOf(kind), null, address));
    }

    private void Move(StoredContactPoint point, string address, List<ImportedField> outcome)
    {
        outcome.Add(new ImportedField(KebabCase.WordOf(point.Kind), point.Address, address));
        (point.Address, point.ChangedAt) = (address, now);
        moved.Add(point);
    }

    private Site SiteOf(string name) => Of(sites, newSites, name, key => new Site { Id = new(Guid.CreateVersion7(now)), Name = name, NameKey = key, Source = DirectorySource.Import, CreatedAt = now, ChangedAt = now });

    private PersonGroup GroupOf(string name) => Of(groups, newGroups, name, key => new PersonGroup { Id = new(Guid.CreateVersion7(now)), Name = name, NameKey = key, Source = DirectorySource.Import, CreatedAt = now, ChangedAt = now });

    private CrisisFunction FunctionOf(string name) => Of(functions, newFunctions, name, key => new CrisisFunction { Id = new(Guid.CreateVersion7(now)), NameFr = name, NameKey = key, Source = DirectorySource.Import, CreatedAt = now, ChangedAt = now });

    private static T Of<T>(Dictionary<string, T> known, List<T> created, string name, Func<string, T> create)
    {
        var key = SearchText.NameKey(name);
        if (known.TryGetValue(key, out var present)) return present;
        created.Add(known[key] = create(key));
        return known[key];
    }

    private static IEnumerable<(ContactPointKind Kind, string Address)> Addresses(ImportRow row)
    {
        if (row.Mobile is { } mobile) yield return (ContactPointKind.Mobile, mobile);
        if (row.Email is { } email) yield return (ContactPointKind.Email, email);
        if (row.Landline is { } landline) yield return (ContactPointKind.Landline, landline);
    }

    private static void Note(List<ImportedField> outcome, string field, string? before, string? after)
    {
        if (!string.Equals(before, after, StringComparison.Ordinal)) outcome.Add(new ImportedField(field, string.IsNullOrEmpty(before) ? null : before, after));
    }

    private void Refuse(int line, Person? person, ImportRow row, string code) => Write<IReadOnlyList<ImportError>>(line, PeopleImportAction.Refuse, person?.Id, row, [new("", code)]);

    private void Write<TOutcome>(int line, PeopleImportAction action, PersonId? person, ImportRow row, TOutcome outcome)
    {
        counts[(int)action]++;
        if (!keepsLines) return;
        lines.Add(new PeopleImportLine
        {
            ImportId = import,
            Line = line,
            Action = action,
            PersonId = action == PeopleImportAction.Add ? null : person,
            Name = row.Name,
            Content = Json(row),
            Outcome = Json(outcome),
        });
    }

    private void WriteRemoval(int line, PeopleImportAction action, Person person)
    {
        counts[(int)action]++;
        if (!keepsLines) return;
        lines.Add(new PeopleImportLine
        {
            ImportId = import,
            Line = line,
            Action = action,
            PersonId = person.Id,
            Name = person.DisplayName,
            Outcome = action == PeopleImportAction.Refuse ? Json<IReadOnlyList<ImportError>>([new("", DirectoryRefusals.PersonCanSignIn.Code)]) : Json<IReadOnlyList<ImportedField>>([new("active", "true", "false")]),
        });
    }

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, EventJson.Options);
}
