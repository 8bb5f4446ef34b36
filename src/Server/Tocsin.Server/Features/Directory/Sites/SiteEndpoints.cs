using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.Idempotency;
using Tocsin.Storage;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Directory;

namespace Tocsin.Server.Features.Directory.Sites;

internal static class SiteEndpoints
{
    public static void MapSites(this IEndpointRouteBuilder endpoints)
    {
        var sites = endpoints.MapGroup("/api/v1/sites").WithTags("directory");
        sites.MapGet("", ListAsync).RequireRole(DirectoryAccess.Readers).WithName("listSites");
        sites.MapPost("", AddAsync).RequireRole(DirectoryAccess.Writers).WithIdempotency().WithName("addSite");
        sites.MapPut("/{id:guid}", ChangeAsync).RequireRole(DirectoryAccess.Writers).WithName("changeSite");
        sites.MapDelete("/{id:guid}", RemoveAsync).RequireRole(DirectoryAccess.Writers).WithName("removeSite");
    }

    private static async Task<Results<Ok<Page<SiteView>>, ProblemHttpResult>> ListAsync(
        string? after, int? limit, IDbContextFactory<TocsinDbContext> contexts, CancellationToken cancellationToken)
    {
        if (!Paging.TryRead(after, out string key)) return CommonRefusals.InvalidInput.ToProblem(fields: FieldErrors.One("after", "invalid").ByPath);
        var most = Paging.LimitOf(limit, DirectoryPages.Most, DirectoryPages.Usual);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var sites = await db.Set<Site>().AsNoTracking().After(site => site.NameKey, key).Take(most + 1).ToListAsync(cancellationToken);
        var people = await db.Set<Person>().Where(person => person.Active && person.SiteId != null).GroupBy(person => person.SiteId!.Value)
            .Select(site => new { site.Key, Count = site.Count() }).ToDictionaryAsync(site => site.Key, site => site.Count, cancellationToken);
        return TypedResults.Ok(DirectoryPages.Of(sites, most, site => site.NameKey, site => View(site, people.GetValueOrDefault(site.Id))));
    }

    private static async Task<Results<Created<SiteView>, ProblemHttpResult>> AddAsync(SiteInput input, HttpContext context, CommandStore store, CancellationToken cancellationToken)
    {
        var answer = await DirectoryCommand.RunAsync<Site>(
            store,
            async (transaction, token) =>
            {
                var site = new Site { Id = new(Guid.CreateVersion7(transaction.Now)), Source = DirectorySource.Manual, CreatedAt = transaction.Now };
                if (await WriteAsync(transaction, site, input, token) is { } refused) return refused;
                transaction.Db.Add(site);
                Announce(transaction, site.Id, "site.added", context.Actor());
                return site;
            },
            cancellationToken);
        return answer.Value is { } added ? TypedResults.Created($"/api/v1/sites/{added.Id}", View(added, 0)) : answer.ToProblem();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> ChangeAsync(Guid id, SiteInput input, HttpContext context, CommandStore store, CancellationToken cancellationToken)
    {
        var answer = await DirectoryCommand.RunAsync<Site>(
            store,
            async (transaction, token) =>
            {
                if (await transaction.Db.Set<Site>().FirstOrDefaultAsync(s => s.Id == new SiteId(id), token) is not { } site) return CommonRefusals.NotFound;
                if (await WriteAsync(transaction, site, input, token) is { } refused) return refused;
                Announce(transaction, site.Id, "site.changed", context.Actor());
                return site;
            },
            cancellationToken);
        return answer.Refusal is null ? TypedResults.NoContent() : answer.ToProblem();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(Guid id, HttpContext context, CommandStore store, CancellationToken cancellationToken)
    {
        var answer = await DirectoryCommand.RunAsync<Done>(
            store,
            async (transaction, token) =>
            {
                if (await transaction.Db.Set<Site>().FirstOrDefaultAsync(s => s.Id == new SiteId(id), token) is not { } site) return CommonRefusals.NotFound;
                if (await transaction.Db.Set<Person>().AnyAsync(person => person.SiteId == site.Id, token)) return DirectoryRefusals.SiteInUse;
                transaction.Db.Remove(site);
                Announce(transaction, site.Id, "site.removed", context.Actor());
                return Done.Instance;
            },
            cancellationToken);
        return answer.Refusal is null ? TypedResults.NoContent() : answer.ToProblem();
    }

    private static async Task<CommandAnswer<Site>?> WriteAsync(CommandTransaction transaction, Site site, SiteInput input, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        site.Name = DirectoryText.Required(input.Name, DirectoryBounds.Name, "name", errors);
        site.NameKey = DirectoryNames.KeyOf(site.Name, "name", errors);
        site.PostalAddress = DirectoryText.Optional(input.PostalAddress, DirectoryBounds.PostalAddress, "postalAddress", errors);
        site.ExternalId = DirectoryText.Optional(input.ExternalId, DirectoryBounds.ExternalId, "externalId", errors);
        site.ChangedAt = transaction.Now;
        if (errors.Any) return errors;
        var (id, key, externalId) = (site.Id, site.NameKey, site.ExternalId);
        if (await transaction.Db.Set<Site>().AnyAsync(s => s.Id != id && s.NameKey == key, cancellationToken)) return DirectoryRefusals.NameTaken;
        return externalId is not null && await transaction.Db.Set<Site>().AnyAsync(s => s.Id != id && s.ExternalId == externalId, cancellationToken)
            ? (CommandAnswer<Site>?)DirectoryRefusals.ExternalIdTaken
            : null;
    }

    private static void Announce(CommandTransaction transaction, SiteId id, string action, Actor actor)
    {
        transaction.Append(action, DirectoryAccess.ToReaders, new { site = id });
        transaction.Record(new AuditDraft(actor.ForAudit, action, $"site:{id}"));
    }

    private static SiteView View(Site site, int people) => new(site.Id, site.Name, site.PostalAddress, site.ExternalId, site.Source, people);
}

internal sealed record SiteInput(string? Name, string? PostalAddress, string? ExternalId);

/// <param name="People">Active people at the site.</param>
internal sealed record SiteView(SiteId Id, string Name, string? PostalAddress, string? ExternalId, DirectorySource Source, int People);
