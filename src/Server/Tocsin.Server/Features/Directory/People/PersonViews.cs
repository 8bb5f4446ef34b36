using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Content;
using Tocsin.Server.Features.Directory.ContactPoints;
using Tocsin.Storage;
using Tocsin.Storage.Directory;

namespace Tocsin.Server.Features.Directory.People;

/// <summary>A person in a list.</summary>
internal sealed record PersonSummary(
    PersonId Id, string Name, string GivenName, string FamilyName, string? ExternalId, SiteId? SiteId, string? SiteName, string? JobTitle, bool Active);

/// <summary>Something of the directory by its name.</summary>
internal sealed record NamedEntry<TId>(TId Id, string Name)
    where TId : struct;

/// <summary>A function that a person holds, or stands in for.</summary>
/// <param name="Rank">0: holder; 1 and above: deputy.</param>
internal sealed record HeldFunction(FunctionId Id, string Name, int Rank);

/// <summary>All that is known of a person. For those who may read the directory, and the person.</summary>
/// <param name="Language">Null: the organisation's.</param>
internal sealed record PersonDetail(
    PersonSummary Person,
    ContentLanguage? Language,
    DirectorySource Source,
    bool HasAccount,
    IReadOnlyList<ContactPointView> ContactPoints,
    IReadOnlyList<NamedEntry<GroupId>> Groups,
    IReadOnlyList<HeldFunction> Functions,
    IReadOnlyList<NamedEntry<ListId>> Lists,
    ChannelPreferencesView Preferences,
    DateTimeOffset CreatedAt,
    DateTimeOffset ChangedAt);

internal static class PersonViews
{
    public static async Task<IReadOnlyList<PersonSummary>> SummariesAsync(TocsinDbContext db, IReadOnlyList<Person> people, CancellationToken cancellationToken)
    {
        var ids = people.Select(person => person.SiteId).OfType<SiteId>().Distinct().ToList();
        var sites = ids.Count == 0 ? [] : await db.Set<Site>().Where(site => ids.Contains(site.Id)).ToDictionaryAsync(site => site.Id, site => site.Name, cancellationToken);
        return [.. people.Select(person => Summary(person, person.SiteId is { } site ? sites.GetValueOrDefault(site) : null))];
    }

    public static async Task<PersonDetail?> FindAsync(TocsinDbContext db, PersonId id, string language, CancellationToken cancellationToken)
    {
        if (await db.Set<Person>().AsNoTracking().FirstOrDefaultAsync(person => person.Id == id, cancellationToken) is not { } person) return null;
        var groups = await (
            from member in db.Set<GroupMember>()
            join grp in db.Set<PersonGroup>() on member.GroupId equals grp.Id
            where member.PersonId == id
            orderby grp.NameKey
            select new NamedEntry<GroupId>(grp.Id, grp.Name)).ToListAsync(cancellationToken);
        var functions = await (
            from holder in db.Set<FunctionHolder>()
            join function in db.Set<CrisisFunction>() on holder.FunctionId equals function.Id
            where holder.PersonId == id
            orderby holder.Rank, function.NameKey
            select new { function.Id, function.NameFr, function.NameEn, holder.Rank }).ToListAsync(cancellationToken);
        var lists = await (
            from member in db.Set<ListMember>()
            join list in db.Set<PersonList>() on member.ListId equals list.Id
            where member.PersonId == id
            orderby list.NameKey
            select new NamedEntry<ListId>(list.Id, list.Name)).ToListAsync(cancellationToken);
        return new PersonDetail(
            (await SummariesAsync(db, [person], cancellationToken))[0],
            person.Language,
            person.Source,
            await db.Users.AnyAsync(account => account.PersonId == id && account.DisabledAt == null, cancellationToken),
            await ContactPointViews.OfAsync(db, id, cancellationToken),
            groups,
            [.. functions.Select(function => new HeldFunction(function.Id, FunctionNames.In(language, function.NameFr, function.NameEn), function.Rank))],
            lists,
            await ChannelPreferencesView.OfAsync(db, id, cancellationToken),
            person.CreatedAt,
            person.ChangedAt);
    }

    private static PersonSummary Summary(Person person, string? siteName) => new(
        person.Id, person.DisplayName, person.GivenName, person.FamilyName, person.ExternalId, person.SiteId, siteName, person.JobTitle, person.Active);
}
