using System.Numerics;

namespace Tocsin.Alerting.Audience;

/// <summary>Who an audience is, in the directory as it is now.</summary>
public static class AudienceResolution
{
    /// <summary>Everyone in it, once, in the order of the snapshot. Groups nested in a circle are as good as nested once; whoever is unknown is nobody.</summary>
    /// <remarks>Costs one pass over the members named and one over a bit per person.</remarks>
    public static IReadOnlyList<PersonId> Resolve(AudienceExpression expression, IDirectorySnapshot directory)
    {
        ArgumentNullException.ThrowIfNull(expression);
        ArgumentNullException.ThrowIfNull(directory);
        var included = new PersonSet(directory.PersonCount);
        Add(expression.Include, directory, included);
        if (expression.Exclude.TermCount > 0)
        {
            var excluded = new PersonSet(directory.PersonCount);
            Add(expression.Exclude, directory, excluded);
            included.Remove(excluded);
        }

        return included.ToList(directory);
    }

    private static void Add(AudienceSelection selection, IDirectorySnapshot directory, PersonSet people)
    {
        if (selection.Everyone)
        {
            people.AddAll();
            return;
        }

        foreach (var person in selection.People)
        {
            if (directory.TryFindPerson(person, out var index))
                people.Add(index);
        }

        AddGroups(selection.Groups, directory, people);
        foreach (var site in selection.Sites)
            people.Add(directory.PeopleAt(site));
        foreach (var function in selection.Functions)
            people.Add(directory.HoldersOf(function));
        foreach (var rota in selection.OnDuty)
            people.Add(directory.OnDutyIn(rota));
        foreach (var list in selection.Lists)
            people.Add(directory.PeopleOn(list));
    }

    private static void AddGroups(IReadOnlyList<GroupId> groups, IDirectorySnapshot directory, PersonSet people)
    {
        var seen = new HashSet<GroupId>();
        var open = new Stack<GroupId>(groups);
        while (open.TryPop(out var group))
        {
            if (!seen.Add(group))
                continue;
            people.Add(directory.DirectMembersOf(group));
            foreach (var nested in directory.GroupsNestedIn(group))
                open.Push(nested);
        }
    }

    /// <summary>One bit per person of the directory.</summary>
    private sealed class PersonSet(int personCount)
    {
        private readonly ulong[] words = new ulong[(personCount + 63) / 64];

        public void Add(int person) => words[person >> 6] |= 1UL << person;

        public void Add(ReadOnlySpan<int> people)
        {
            foreach (var person in people)
                Add(person);
        }

        public void AddAll()
        {
            words.AsSpan().Fill(ulong.MaxValue);
            if ((personCount & 63) != 0)
                words[^1] = (1UL << personCount) - 1;
        }

        public void Remove(PersonSet others)
        {
            for (var i = 0; i < words.Length; i++)
                words[i] &= ~others.words[i];
        }

        public List<PersonId> ToList(IDirectorySnapshot directory)
        {
            var count = 0;
            foreach (var word in words)
                count += BitOperations.PopCount(word);
            var people = new List<PersonId>(count);
            for (var i = 0; i < words.Length; i++)
            {
                for (var rest = words[i]; rest != 0; rest &= rest - 1)
                    people.Add(directory.PersonAt((i * 64) + BitOperations.TrailingZeroCount(rest)));
            }

            return people;
        }
    }
}
