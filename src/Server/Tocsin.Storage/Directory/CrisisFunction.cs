using Tocsin.Alerting;

namespace Tocsin.Storage.Directory;

/// <summary>A crisis function, such as "crisis director": a duty that people hold, whatever their job. At least one of the names is present.</summary>
public sealed class CrisisFunction
{
    public FunctionId Id { get; set; }

    public string? NameFr { get; set; }

    public string? NameEn { get; set; }

    /// <summary><see cref="SearchText.NameKey"/> of the French name, or of the English one where there is none: unique.</summary>
    public string NameKey { get; set; } = "";

    public string? Description { get; set; }

    public DirectorySource Source { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset ChangedAt { get; set; }
}

/// <summary>A person holds a function, or stands in for its holders.</summary>
public sealed class FunctionHolder
{
    /// <summary>The rank of a holder; deputies have 1, 2 ... in the order in which they stand in.</summary>
    public const int Holder = 0;

    public FunctionId FunctionId { get; set; }

    public PersonId PersonId { get; set; }

    public int Rank { get; set; }

    public DirectorySource Source { get; set; }
}
