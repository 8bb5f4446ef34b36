using Tocsin.Alerting;
using Tocsin.Alerting.Content;

namespace Tocsin.Storage.Directory;

/// <summary>Somebody who can be told, with or without an account.</summary>
/// <remarks>Never deleted while an alert may name them: <see cref="Active"/> takes them out of every audience, and can be undone.</remarks>
public sealed class Person
{
    public PersonId Id { get; set; }

    /// <summary>The organisation's own number for the person (<i>matricule</i>), by which an import finds them again. Unique where there is one.</summary>
    public string? ExternalId { get; set; }

    public string GivenName { get; set; } = "";

    public string FamilyName { get; set; } = "";

    /// <summary>As lists and messages show it.</summary>
    public string DisplayName { get; set; } = "";

    /// <summary>Family name, then given name, folded (<see cref="SearchText.SortKey"/>): the order of every list of people.</summary>
    public string SortKey { get; set; } = "";

    /// <summary>The words by which people are found, folded, each after a space: <c>" martin jean 4711 infirmier"</c> (<see cref="Directory.SearchText"/>).</summary>
    public string SearchText { get; set; } = "";

    /// <summary>Null: the organisation's, whatever that is when something is written to the person.</summary>
    public ContentLanguage? Language { get; set; }

    public SiteId? SiteId { get; set; }

    /// <summary>What the person does, in the organisation's words.</summary>
    public string? JobTitle { get; set; }

    public bool Active { get; set; } = true;

    public DirectorySource Source { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Moves with every change of the person, their contact points or preferences.</summary>
    public DateTimeOffset ChangedAt { get; set; }

    /// <summary>Sets what is derived from the names, external id and job title. To be called after each change of these.</summary>
    public void Refold()
    {
        SortKey = Directory.SearchText.SortKey(FamilyName, GivenName);
        SearchText = Directory.SearchText.Of(FamilyName, GivenName, DisplayName, ExternalId, JobTitle);
    }
}

/// <summary>One word of a person's <see cref="Person.SearchText"/>: the index behind search as one types.</summary>
public sealed class PersonWord
{
    public string Word { get; set; } = "";

    public PersonId PersonId { get; set; }
}

/// <summary>A person's wishes about channels; absent where there are none.</summary>
public sealed class PersonPreferences
{
    public PersonId PersonId { get; set; }

    /// <summary><see cref="Alerting.Plans.ChannelPreferences"/> as <see cref="AlertingJson"/>.</summary>
    public string Channels { get; set; } = "";
}
