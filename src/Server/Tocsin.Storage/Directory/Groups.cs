using Tocsin.Alerting;

namespace Tocsin.Storage.Directory;

/// <summary>A group of people. Groups nest to any depth, never in a circle.</summary>
public sealed class PersonGroup
{
    public GroupId Id { get; set; }

    public string Name { get; set; } = "";

    /// <summary><see cref="SearchText.NameKey"/> of the name: unique, so that an import finds the group by its name.</summary>
    public string NameKey { get; set; } = "";

    public string? Description { get; set; }

    /// <summary>The organisation's own key for it, where another system keeps it.</summary>
    public string? ExternalId { get; set; }

    public DirectorySource Source { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset ChangedAt { get; set; }
}

/// <summary>A person is in a group directly.</summary>
public sealed class GroupMember
{
    public GroupId GroupId { get; set; }

    public PersonId PersonId { get; set; }

    public DirectorySource Source { get; set; }
}

/// <summary>Everyone in <see cref="ChildId"/> is in <see cref="ParentId"/> too.</summary>
public sealed class GroupNesting
{
    public GroupId ParentId { get; set; }

    public GroupId ChildId { get; set; }
}
