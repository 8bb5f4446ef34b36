using System.Diagnostics;
using FsCheck;
using FsCheck.Fluent;
using Tocsin.Alerting.Audience;
using Tocsin.Testing;

namespace Tocsin.Alerting.Tests.Audience;

public sealed class AudienceResolutionTests
{
    private static readonly PersonId Alice = Person(1);
    private static readonly PersonId Bob = Person(2);
    private static readonly PersonId Chloe = Person(3);
    private static readonly PersonId David = Person(4);
    private static readonly GroupId Nurses = new(Id(10));
    private static readonly GroupId Emergency = new(Id(11));
    private static readonly GroupId Hospital = new(Id(12));
    private static readonly SiteId North = new(Id(20));
    private static readonly FunctionId Commander = new(Id(30));
    private static readonly RotaId Duty = new(Id(40));
    private static readonly ListId Volunteers = new(Id(50));

    private static readonly DirectorySnapshot Directory = new(new DirectoryContents
    {
        People = [Chloe, Alice, Bob, David],
        GroupMembers = [(Nurses, Alice), (Emergency, Bob), (Emergency, Alice), (Nurses, Person(99))],
        NestedGroups = [(Hospital, Nurses), (Hospital, Emergency), (Nurses, Hospital)],
        SitePeople = [(North, David)],
        FunctionHolders = [(Commander, Chloe)],
        OnDuty = [(Duty, Bob)],
        ListPeople = [(Volunteers, Bob), (Volunteers, David)],
    });

    [Fact]
    public void Everybody_named_in_several_ways_is_told_once_in_the_order_of_the_directory() =>
        Assert.Equal([Chloe, Alice, Bob, David], Resolve(new AudienceSelection
        {
            People = [Bob, Bob],
            Groups = [Emergency],
            Sites = [North],
            Functions = [Commander],
            OnDuty = [Duty],
            Lists = [Volunteers],
        }));

    [Fact]
    public void Nested_groups_count_to_any_depth_and_a_circle_does_no_harm()
    {
        Assert.Equal([Alice, Bob], Resolve(new AudienceSelection { Groups = [Hospital] }));
        Assert.Equal([Alice, Bob], Resolve(new AudienceSelection { Groups = [Nurses] }));
    }

    [Fact]
    public void Whoever_is_excluded_in_any_way_is_left_out() =>
        Assert.Equal([Chloe, Alice], Resolve(
            new AudienceSelection { Everyone = true },
            new AudienceSelection { OnDuty = [Duty], Sites = [North] }));

    [Fact]
    public void People_and_groups_that_no_longer_exist_are_nobody() =>
        Assert.Empty(Resolve(new AudienceSelection { People = [Person(99)], Groups = [new(Id(98))], Lists = [new(Id(97))] }));

    [Fact]
    public void An_empty_expression_is_nobody() => Assert.Empty(AudienceResolution.Resolve(AudienceExpression.Nobody, Directory));

    [Fact]
    public void Everyone_is_everyone_whatever_the_number_of_people() =>
        Property.HoldsFor(Gen.Choose(0, 200), count =>
        {
            PersonId[] people = [.. Enumerable.Range(1, count).Select(Person)];
            Assert.Equal(people, AudienceResolution.Resolve(AudienceExpression.Everyone, new DirectorySnapshot(new() { People = people })));
        });

    [Fact]
    public void The_dense_resolution_agrees_with_sets_of_people() =>
        Property.HoldsFor(Gen.Choose(0, int.MaxValue), seed =>
        {
            var random = new Random(seed);
            var contents = RandomContents(random, people: 100, groups: 12);
            var expression = new AudienceExpression { Include = RandomSelection(random), Exclude = RandomSelection(random) };

            var expected = Members(expression.Include, contents).Except(Members(expression.Exclude, contents)).ToHashSet();

            Assert.Equal(
                contents.People.Where(expected.Contains),
                AudienceResolution.Resolve(expression, new DirectorySnapshot(contents)));
        });

    [Fact]
    public void A_hundred_thousand_people_in_deep_groups_resolve_in_about_the_time_of_copying_them_a_few_times()
    {
        var random = TestSeed.Random();
        var contents = RandomContents(random, people: 100_000, groups: 1_000);
        var directory = new DirectorySnapshot(contents);
        var expression = new AudienceExpression
        {
            Include = new AudienceSelection { Groups = [.. Enumerable.Range(0, 1_000).Select(Group)] },
            Exclude = new AudienceSelection { Groups = [Group(0)] },
        };
        IReadOnlyList<PersonId> people = [];

        // A ratio against work of the same size on the same machine, the best of several runs: absolute times say nothing on a shared one.
        var copying = Fastest(() => people = [.. contents.People.ToHashSet()]);
        var resolving = Fastest(() => people = AudienceResolution.Resolve(expression, directory));

        Assert.NotEmpty(people);
        Assert.True(resolving < copying * 5, $"resolving {resolving}, copying {copying}");
    }

    private static TimeSpan Fastest(Action work) => Enumerable.Range(0, 7).Min(_ =>
    {
        var start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start);
    });

    private static IReadOnlyList<PersonId> Resolve(AudienceSelection include, AudienceSelection? exclude = null) =>
        AudienceResolution.Resolve(new AudienceExpression { Include = include, Exclude = exclude ?? AudienceSelection.Nobody }, Directory);

    private static DirectoryContents RandomContents(Random random, int people, int groups)
    {
        PersonId[] everyone = [.. Enumerable.Range(0, people).Select(Person)];
        PersonId Anyone() => everyone[random.Next(people)];
        GroupId AnyGroup() => Group(random.Next(groups));
        return new DirectoryContents
        {
            People = everyone,
            GroupMembers = [.. Enumerable.Range(0, people).Select(_ => (AnyGroup(), Anyone()))],
            NestedGroups = [.. Enumerable.Range(0, groups).Select(_ => (AnyGroup(), AnyGroup()))],
            SitePeople = [.. everyone.Select(person => (Site(random.Next(4)), person))],
            ListPeople = [.. Enumerable.Range(0, 10).Select(_ => (List(random.Next(3)), Anyone()))],
        };
    }

    private static AudienceSelection RandomSelection(Random random) => new()
    {
        Everyone = random.Next(8) == 0,
        People = [.. Enumerable.Range(0, random.Next(4)).Select(_ => Person(random.Next(120)))],
        Groups = [.. Enumerable.Range(0, random.Next(3)).Select(_ => Group(random.Next(14)))],
        Sites = [.. Enumerable.Range(0, random.Next(2)).Select(_ => Site(random.Next(4)))],
        Lists = [.. Enumerable.Range(0, random.Next(3)).Select(_ => List(random.Next(3)))],
    };

    private static HashSet<PersonId> Members(AudienceSelection selection, DirectoryContents contents)
    {
        var groups = selection.Groups.ToHashSet();
        while (contents.NestedGroups.Any(nesting => groups.Contains(nesting.Outer) && groups.Add(nesting.Inner)))
        {
            // Until nothing is added.
        }

        return
        [
            .. selection.Everyone ? contents.People : [],
            .. selection.People,
            .. contents.GroupMembers.Where(row => groups.Contains(row.Group)).Select(row => row.Person),
            .. contents.SitePeople.Where(row => selection.Sites.Contains(row.Site)).Select(row => row.Person),
            .. contents.ListPeople.Where(row => selection.Lists.Contains(row.List)).Select(row => row.Person),
        ];
    }

    private static Guid Id(int number) => new(number, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]);

    private static PersonId Person(int number) => new(Id(number));

    private static GroupId Group(int number) => new(Id(number));

    private static SiteId Site(int number) => new(Id(number));

    private static ListId List(int number) => new(Id(number));
}
