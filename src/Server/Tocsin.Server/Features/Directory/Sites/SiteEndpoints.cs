using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.Idempotency;
using Tocsin.Storage;
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

    private static async Task<Results<Created<SiteView>, ProblemHttpResult>> AddAsync(SiteInput input, HttpContext context, SiteCommands commands, CancellationToken cancellationToken)
    {
        var answer = await commands.AddAsync(input, context.Actor(), cancellationToken);
        return answer.Value is { } site ? TypedResults.Created($"/api/v1/sites/{site.Id}", View(site, 0)) : answer.ToProblem();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> ChangeAsync(Guid id, SiteInput input, HttpContext context, SiteCommands commands, CancellationToken cancellationToken)
    {
        var answer = await commands.ChangeAsync(new SiteId(id), input, context.Actor(), cancellationToken);
        return answer.Refusal is null ? TypedResults.NoContent() : answer.ToProblem();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(Guid id, HttpContext context, SiteCommands commands, CancellationToken cancellationToken)
    {
        var answer = await commands.RemoveAsync(new SiteId(id), context.Actor(), cancellationToken);
        return answer.Refusal is null ? TypedResults.NoContent() : answer.ToProblem();
    }

    private static SiteView View(Site site, int people) => new(site.Id, site.Name, site.PostalAddress, site.ExternalId, site.Source, people);
}

/// <param name="People">Active people at the site.</param>
internal sealed record SiteView(SiteId Id, string Name, string? PostalAddress, string? ExternalId, DirectorySource Source, int People);
