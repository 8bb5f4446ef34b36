namespace Tocsin.Alerting.Audience;

/// <summary>Who is told: everyone that <see cref="Include"/> names, minus everyone that <see cref="Exclude"/> names. Nobody is counted twice.</summary>
public sealed record AudienceExpression
{
    public static AudienceExpression Nobody { get; } = new();

    public static AudienceExpression Everyone { get; } = new() { Include = new AudienceSelection { Everyone = true } };

    public AudienceSelection Include { get; init; } = AudienceSelection.Nobody;

    public AudienceSelection Exclude { get; init; } = AudienceSelection.Nobody;
}

/// <summary>A union of people named in several ways.</summary>
public sealed record AudienceSelection
{
    /// <summary>How many terms one selection may have; a longer choice belongs in a list or group.</summary>
    public const int MaximumTerms = 2_000;

    public static AudienceSelection Nobody { get; } = new();

    /// <summary>All active people of the directory.</summary>
    public bool Everyone { get; init; }

    public IReadOnlyList<PersonId> People { get; init; } = [];

    /// <summary>With all groups nested in them, to any depth.</summary>
    public IReadOnlyList<GroupId> Groups { get; init; } = [];

    public IReadOnlyList<SiteId> Sites { get; init; } = [];

    public IReadOnlyList<FunctionId> Functions { get; init; } = [];

    /// <summary>Whoever is on duty in these rotas at the moment of raising.</summary>
    public IReadOnlyList<RotaId> OnDuty { get; init; } = [];

    public IReadOnlyList<ListId> Lists { get; init; } = [];

    /// <summary>Whether there is no term in it. (Lists compare by reference, so this is not equality with <see cref="Nobody"/>.)</summary>
    public bool NamesNobody() => TermCount == 0;

    internal int TermCount =>
        (Everyone ? 1 : 0) + People.Count + Groups.Count + Sites.Count + Functions.Count + OnDuty.Count + Lists.Count;
}
