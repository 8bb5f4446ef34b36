using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.Idempotency;
using Tocsin.Storage;
using Tocsin.Storage.Directory;

namespace Tocsin.Server.Features.Directory.Lists;

internal static class ListEndpoints
{
    public static void MapLists(this IEndpointRouteBuilder endpoints)
    {
        var lists = endpoints.MapGroup("/api/v1/lists").WithTags("directory");
        lists.MapGet("", ListAsync).RequireRole(DirectoryAccess.Readers).WithName("listLists");
        lists.MapPost("", AddAsync).RequireRole(DirectoryAccess.Writers).WithIdempotency().WithName("addList");
        lists.MapPut("/{id:guid}", ChangeAsync).RequireRole(DirectoryAccess.Writers).WithName("changeList");
        lists.MapDelete("/{id:guid}", RemoveAsync).RequireRole(DirectoryAccess.Writers).WithName("removeList");
        lists.MapPost("/{id:guid}/members", ChangeMembersAsync).RequireRole(DirectoryAccess.Writers).WithIdempotency().WithName("changeListMembers");
    }

    private static async Task<Results<Ok<Page<ListView>>, ProblemHttpResult>> ListAsync(
        string? after, int? limit, IDbContextFactory<TocsinDbContext> contexts, CancellationToken cancellationToken)
    {
        if (!Paging.TryRead(after, out string key)) return CommonRefusals.InvalidInput.ToProblem(fields: FieldErrors.One("after", "invalid").ByPath);
        var most = Paging.LimitOf(limit, DirectoryPages.Most, DirectoryPages.Usual);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var lists = await db.Set<PersonList>().AsNoTracking().After(list => list.NameKey, key).Take(most + 1).ToListAsync(cancellationToken);
        var ids = lists.Select(list => list.Id).ToList();
        var people = await (
            from member in db.Set<ListMember>()
            where ids.Contains(member.ListId) && !db.Set<Person>().Any(person => !person.Active && person.Id == member.PersonId)
            group member by member.ListId into members
            select new { members.Key, Count = members.Count() }).ToDictionaryAsync(members => members.Key, members => members.Count, cancellationToken);
        return TypedResults.Ok(DirectoryPages.Of(lists, most, list => list.NameKey, list => View(list, people.GetValueOrDefault(list.Id))));
    }

    private static async Task<Results<Created<ListView>, ProblemHttpResult>> AddAsync(ListInput input, HttpContext context, ListCommands commands, CancellationToken cancellationToken)
    {
        var answer = await commands.AddAsync(input, context.Actor(), cancellationToken);
        return answer.Value is { } list ? TypedResults.Created($"/api/v1/lists/{list.Id}", View(list, 0)) : answer.ToProblem();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> ChangeAsync(Guid id, ListInput input, HttpContext context, ListCommands commands, CancellationToken cancellationToken)
    {
        var answer = await commands.ChangeAsync(new ListId(id), input, context.Actor(), cancellationToken);
        return answer.Refusal is null ? TypedResults.NoContent() : answer.ToProblem();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(Guid id, HttpContext context, ListCommands commands, CancellationToken cancellationToken)
    {
        var answer = await commands.RemoveAsync(new ListId(id), context.Actor(), cancellationToken);
        return answer.Refusal is null ? TypedResults.NoContent() : answer.ToProblem();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> ChangeMembersAsync(
        Guid id, MemberChange change, HttpContext context, ListCommands commands, CancellationToken cancellationToken)
    {
        var answer = await commands.ChangeMembersAsync(new ListId(id), change, context.Actor(), cancellationToken);
        return answer.Refusal is null ? TypedResults.NoContent() : answer.ToProblem();
    }

    private static ListView View(PersonList list, int people) => new(list.Id, list.Name, list.Description, people);
}

/// <param name="People">Active people on the list.</param>
internal sealed record ListView(ListId Id, string Name, string? Description, int People);
