using Tocsin.Alerting;

namespace Tocsin.Storage.Directory;

/// <summary>A place where people work.</summary>
public sealed class Site
{
    public SiteId Id { get; set; }

    public string Name { get; set; } = "";

    /// <summary><see cref="SearchText.NameKey"/> of the name: unique.</summary>
    public string NameKey { get; set; } = "";

    public string? PostalAddress { get; set; }

    /// <summary>The organisation's own key for it.</summary>
    public string? ExternalId { get; set; }

    public DirectorySource Source { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset ChangedAt { get; set; }
}
