namespace Tocsin.Alerting.Audience;

/// <summary>
/// The directory at one moment, as dense indexes: person 0 to <see cref="PersonCount"/> - 1, in the order in which an audience is listed.
/// Only active people are in it. Whatever is unknown has no members.
/// </summary>
public interface IDirectorySnapshot
{
    int PersonCount { get; }

    PersonId PersonAt(int index);

    bool TryFindPerson(PersonId person, out int index);

    /// <summary>People who are direct members, not through a nested group.</summary>
    ReadOnlySpan<int> DirectMembersOf(GroupId group);

    ReadOnlySpan<GroupId> GroupsNestedIn(GroupId group);

    ReadOnlySpan<int> PeopleAt(SiteId site);

    ReadOnlySpan<int> HoldersOf(FunctionId function);

    ReadOnlySpan<int> OnDutyIn(RotaId rota);

    ReadOnlySpan<int> PeopleOn(ListId list);
}
