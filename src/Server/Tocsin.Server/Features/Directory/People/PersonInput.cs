using Tocsin.Alerting;
using Tocsin.Alerting.Content;
using Tocsin.Storage.Directory;

namespace Tocsin.Server.Features.Directory.People;

/// <summary>A person as somebody types it. Absent fields are empty: a change states the whole person.</summary>
/// <param name="DisplayName">Null: given name, then family name.</param>
/// <param name="Language">Null: the organisation's, also when that changes.</param>
internal sealed record PersonInput(
    string? GivenName, string? FamilyName, string? DisplayName, string? ExternalId, ContentLanguage? Language, SiteId? SiteId, string? JobTitle)
{
    /// <summary>The cleaned fields; of use only if <paramref name="errors"/> stays empty.</summary>
    public PersonFields Read(FieldErrors errors)
    {
        var given = DirectoryText.Optional(GivenName, DirectoryBounds.Name, "givenName", errors) ?? "";
        var family = DirectoryText.Optional(FamilyName, DirectoryBounds.Name, "familyName", errors) ?? "";
        if (given.Length == 0 && family.Length == 0) errors.Add("familyName", DirectoryText.Missing);
        return new PersonFields(
            given,
            family,
            DirectoryText.Optional(DisplayName, DirectoryBounds.DisplayName, "displayName", errors) ?? PersonFields.UsualDisplayName(given, family),
            DirectoryText.Optional(ExternalId, DirectoryBounds.ExternalId, "externalId", errors),
            Language,
            SiteId,
            DirectoryText.Optional(JobTitle, DirectoryBounds.JobTitle, "jobTitle", errors));
    }
}

/// <summary>What is known of a person besides memberships and contact points, cleaned and within bounds.</summary>
internal sealed record PersonFields(
    string GivenName, string FamilyName, string DisplayName, string? ExternalId, ContentLanguage? Language, SiteId? SiteId, string? JobTitle)
{
    public static string UsualDisplayName(string given, string family) => $"{given} {family}".Trim();

    /// <summary>Writes the fields to <paramref name="person"/>.</summary>
    /// <returns>The wire names of those that changed.</returns>
    public IReadOnlyList<string> ApplyTo(Person person)
    {
        var changed = new List<string>();
        void Set<T>(string field, T before, T after, Action<T> set)
        {
            if (EqualityComparer<T>.Default.Equals(before, after)) return;
            set(after);
            changed.Add(field);
        }

        Set("givenName", person.GivenName, GivenName, value => person.GivenName = value);
        Set("familyName", person.FamilyName, FamilyName, value => person.FamilyName = value);
        Set("displayName", person.DisplayName, DisplayName, value => person.DisplayName = value);
        Set("externalId", person.ExternalId, ExternalId, value => person.ExternalId = value);
        Set("language", person.Language, Language, value => person.Language = value);
        Set("siteId", person.SiteId, SiteId, value => person.SiteId = value);
        Set("jobTitle", person.JobTitle, JobTitle, value => person.JobTitle = value);
        return changed;
    }
}
