using Tocsin.Alerting;

namespace Tocsin.Storage.Directory;

/// <summary>A named list of people, kept by hand.</summary>
public sealed class PersonList
{
    public ListId Id { get; set; }

    public string Name { get; set; } = "";

    /// <summary><see cref="SearchText.NameKey"/> of the name: unique.</summary>
    public string NameKey { get; set; } = "";

    public string? Description { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset ChangedAt { get; set; }
}

/// <summary>A person is on a list.</summary>
public sealed class ListMember
{
    public ListId ListId { get; set; }

    public PersonId PersonId { get; set; }
}
