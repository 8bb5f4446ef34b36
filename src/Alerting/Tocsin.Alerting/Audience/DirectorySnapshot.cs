namespace Tocsin.Alerting.Audience;

/// <summary>A directory held in memory. People keep the order in which they are given; memberships of people who are not given are left out.</summary>
public sealed class DirectorySnapshot : IDirectorySnapshot
{
    private readonly PersonId[] people;
    private readonly Dictionary<PersonId, int> indexOf;
    private readonly Dictionary<GroupId, GroupId[]> nested;
    private readonly Dictionary<GroupId, int[]> groups;
    private readonly Dictionary<SiteId, int[]> sites;
    private readonly Dictionary<FunctionId, int[]> functions;
    private readonly Dictionary<RotaId, int[]> rotas;
    private readonly Dictionary<ListId, int[]> lists;

    public DirectorySnapshot(DirectoryContents contents)
    {
        ArgumentNullException.ThrowIfNull(contents);
        people = [.. contents.People.Distinct()];
        indexOf = new Dictionary<PersonId, int>(people.Length);
        for (var i = 0; i < people.Length; i++)
            indexOf.Add(people[i], i);
        nested = contents.NestedGroups
            .GroupBy(nesting => nesting.Outer, nesting => nesting.Inner)
            .ToDictionary(g => g.Key, g => g.ToArray());
        groups = Index(contents.GroupMembers);
        sites = Index(contents.SitePeople);
        functions = Index(contents.FunctionHolders);
        rotas = Index(contents.OnDuty);
        lists = Index(contents.ListPeople);
    }

    public int PersonCount => people.Length;

    public PersonId PersonAt(int index) => people[index];

    public bool TryFindPerson(PersonId person, out int index) => indexOf.TryGetValue(person, out index);

    public ReadOnlySpan<int> DirectMembersOf(GroupId group) => groups.GetValueOrDefault(group);

    public ReadOnlySpan<GroupId> GroupsNestedIn(GroupId group) => nested.GetValueOrDefault(group);

    public ReadOnlySpan<int> PeopleAt(SiteId site) => sites.GetValueOrDefault(site);

    public ReadOnlySpan<int> HoldersOf(FunctionId function) => functions.GetValueOrDefault(function);

    public ReadOnlySpan<int> OnDutyIn(RotaId rota) => rotas.GetValueOrDefault(rota);

    public ReadOnlySpan<int> PeopleOn(ListId list) => lists.GetValueOrDefault(list);

    private Dictionary<TKey, int[]> Index<TKey>(IEnumerable<(TKey Key, PersonId Person)> memberships)
        where TKey : notnull =>
        memberships
            .Where(membership => indexOf.ContainsKey(membership.Person))
            .GroupBy(membership => membership.Key, membership => indexOf[membership.Person])
            .ToDictionary(g => g.Key, g => g.ToArray());
}

/// <summary>What a <see cref="DirectorySnapshot"/> is made from: people, and who belongs where, as the rows of a database give them.</summary>
public sealed record DirectoryContents
{
    public required IEnumerable<PersonId> People { get; init; }

    public IEnumerable<(GroupId Group, PersonId Person)> GroupMembers { get; init; } = [];

    public IEnumerable<(GroupId Outer, GroupId Inner)> NestedGroups { get; init; } = [];

    public IEnumerable<(SiteId Site, PersonId Person)> SitePeople { get; init; } = [];

    public IEnumerable<(FunctionId Function, PersonId Person)> FunctionHolders { get; init; } = [];

    /// <summary>Whoever is on duty at the moment of the snapshot.</summary>
    public IEnumerable<(RotaId Rota, PersonId Person)> OnDuty { get; init; } = [];

    public IEnumerable<(ListId List, PersonId Person)> ListPeople { get; init; } = [];
}
