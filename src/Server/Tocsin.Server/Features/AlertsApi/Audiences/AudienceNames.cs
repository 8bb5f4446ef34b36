using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Audience;
using Tocsin.Alerting.Content;
using Tocsin.Storage;
using Tocsin.Storage.Directory;

namespace Tocsin.Server.Features.AlertsApi.Audiences;

/// <summary>The directory's names for what audiences mention, read in one go: enough of them for <see cref="AudienceSentence"/>, which names only the first few.</summary>
internal sealed class AudienceNames
{
    // One sentence shows at most five of a kind; the rest it counts.
    private const int MostNamed = 5;

    private readonly Dictionary<Guid, LocalizedText> names = [];

    public static async Task<AudienceNames> ReadAsync(TocsinDbContext db, IEnumerable<AudienceExpression> audiences, CancellationToken cancellationToken)
    {
        var mentioned = new Mentioned();
        foreach (var audience in audiences)
        {
            mentioned.Add(audience.Include);
            mentioned.Add(audience.Exclude);
        }

        var found = new AudienceNames();
        await found.ReadAsync(db, mentioned, cancellationToken);
        return found;
    }

    /// <summary>How many and who, in both languages.</summary>
    public LocalizedText Sentence(AudienceExpression audience, int count) => new(
        AudienceSentence.Describe(audience, count, new InLanguage(this, ContentLanguage.Fr), ContentLanguage.Fr),
        AudienceSentence.Describe(audience, count, new InLanguage(this, ContentLanguage.En), ContentLanguage.En));

    /// <summary>Who, in both languages, where nobody counts.</summary>
    public LocalizedText Terms(AudienceExpression audience) => audience.Include.NamesNobody()
        ? new LocalizedText("à choisir au moment de l’alerte", "chosen when the alert is raised")
        : new LocalizedText(
            AudienceSentence.DescribeTerms(audience, new InLanguage(this, ContentLanguage.Fr), ContentLanguage.Fr),
            AudienceSentence.DescribeTerms(audience, new InLanguage(this, ContentLanguage.En), ContentLanguage.En));

    private async Task ReadAsync(TocsinDbContext db, Mentioned mentioned, CancellationToken cancellationToken)
    {
        if (mentioned.People.Count > 0)
            await AddAsync(db.Set<Person>().Where(p => mentioned.People.Contains(p.Id)).Select(p => new Named(p.Id.Value, p.DisplayName, null)), cancellationToken);
        if (mentioned.Groups.Count > 0)
            await AddAsync(db.Set<PersonGroup>().Where(g => mentioned.Groups.Contains(g.Id)).Select(g => new Named(g.Id.Value, g.Name, null)), cancellationToken);
        if (mentioned.Sites.Count > 0)
            await AddAsync(db.Set<Site>().Where(s => mentioned.Sites.Contains(s.Id)).Select(s => new Named(s.Id.Value, s.Name, null)), cancellationToken);
        if (mentioned.Functions.Count > 0)
            await AddAsync(db.Set<CrisisFunction>().Where(f => mentioned.Functions.Contains(f.Id)).Select(f => new Named(f.Id.Value, f.NameFr, f.NameEn)), cancellationToken);
        if (mentioned.Rotas.Count > 0)
            await AddAsync(db.Set<StoredRota>().Where(r => mentioned.Rotas.Contains(r.Id)).Select(r => new Named(r.Id.Value, r.Name, null)), cancellationToken);
        if (mentioned.Lists.Count > 0)
            await AddAsync(db.Set<PersonList>().Where(l => mentioned.Lists.Contains(l.Id)).Select(l => new Named(l.Id.Value, l.Name, null)), cancellationToken);
    }

    private async Task AddAsync(IQueryable<Named> query, CancellationToken cancellationToken)
    {
        foreach (var named in await query.ToListAsync(cancellationToken)) names[named.Id] = new LocalizedText(named.Fr, named.En);
    }

    private sealed record Named(Guid Id, string? Fr, string? En);

    private sealed class Mentioned
    {
        public HashSet<PersonId> People { get; } = [];

        public HashSet<GroupId> Groups { get; } = [];

        public HashSet<SiteId> Sites { get; } = [];

        public HashSet<FunctionId> Functions { get; } = [];

        public HashSet<RotaId> Rotas { get; } = [];

        public HashSet<ListId> Lists { get; } = [];

        public void Add(AudienceSelection selection)
        {
            People.UnionWith(selection.People.Take(MostNamed));
            Groups.UnionWith(selection.Groups.Take(MostNamed));
            Sites.UnionWith(selection.Sites.Take(MostNamed));
            Functions.UnionWith(selection.Functions.Take(MostNamed));
            Rotas.UnionWith(selection.OnDuty.Take(MostNamed));
            Lists.UnionWith(selection.Lists.Take(MostNamed));
        }
    }

    private sealed class InLanguage(AudienceNames all, ContentLanguage language) : IAudienceNames
    {
        public string? NameOf(PersonId person) => Of(person.Value);

        public string? NameOf(GroupId group) => Of(group.Value);

        public string? NameOf(SiteId site) => Of(site.Value);

        public string? NameOf(FunctionId function) => Of(function.Value);

        public string? NameOf(RotaId rota) => Of(rota.Value);

        public string? NameOf(ListId list) => Of(list.Value);

        private string? Of(Guid id) => all.names.TryGetValue(id, out var name) ? name.In(language) : null;
    }
}
