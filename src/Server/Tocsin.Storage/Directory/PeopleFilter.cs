using Tocsin.Alerting;

namespace Tocsin.Storage.Directory;

/// <summary>Which people are listed. Everything that is given must hold.</summary>
public sealed record PeopleFilter
{
    /// <summary>How many words of a search count; nobody types more to find one person.</summary>
    public const int MostWords = 5;

    /// <summary>As typed: each word begins a word of the person's names, external id or job title.</summary>
    public string? Search { get; init; }

    /// <summary>Members, with those of nested groups unless <see cref="DirectMembersOnly"/>.</summary>
    public GroupId? Group { get; init; }

    public bool DirectMembersOnly { get; init; }

    public SiteId? Site { get; init; }

    /// <summary>Holders and deputies.</summary>
    public FunctionId? Function { get; init; }

    public ListId? List { get; init; }

    public bool Active { get; init; } = true;

    /// <summary>Who lacks this; null: whatever they have.</summary>
    public Lack? Lacking { get; init; }

    /// <summary>For <see cref="Lack.RecentVerification"/>: what was verified before is old.</summary>
    public DateTimeOffset VerifiedSince { get; init; }
}

/// <summary>Where a page of people ends: the next begins after it.</summary>
public sealed record PeopleCursor(string SortKey, PersonId Person);
