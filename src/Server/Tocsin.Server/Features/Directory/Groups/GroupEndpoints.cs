using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Audience;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.Idempotency;
using Tocsin.Storage;
using Tocsin.Storage.Directory;

namespace Tocsin.Server.Features.Directory.Groups;

internal static class GroupEndpoints
{
    public static void MapGroups(this IEndpointRouteBuilder endpoints)
    {
        var groups = endpoints.MapGroup("/api/v1/groups").WithTags("directory");
        groups.MapGet("", ListAsync).RequireRole(DirectoryAccess.Readers).WithName("listGroups");
        groups.MapGet("/{id:guid}", ReadAsync).RequireRole(DirectoryAccess.Readers).WithName("readGroup");
        groups.MapPost("", AddAsync).RequireRole(DirectoryAccess.Writers).WithIdempotency().WithName("addGroup");
        groups.MapPut("/{id:guid}", ChangeAsync).RequireRole(DirectoryAccess.Writers).WithName("changeGroup");
        groups.MapDelete("/{id:guid}", RemoveAsync).RequireRole(DirectoryAccess.Writers).WithName("removeGroup");
        groups.MapPost("/{id:guid}/members", ChangeMembersAsync).RequireRole(DirectoryAccess.Writers).WithIdempotency().WithName("changeGroupMembers");
        groups.MapPut("/{id:guid}/subgroups", SetSubgroupsAsync).RequireRole(DirectoryAccess.Writers).WithName("setSubgroups");
    }

    private static async Task<Results<Ok<Page<GroupView>>, ProblemHttpResult>> ListAsync(
        string? after, int? limit, IDbContextFactory<TocsinDbContext> contexts, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!Paging.TryRead(after, out string key)) return CommonRefusals.InvalidInput.ToProblem(fields: FieldErrors.One("after", "invalid").ByPath);
        var most = Paging.LimitOf(limit, DirectoryPages.Most, DirectoryPages.Usual);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var groups = await db.Set<PersonGroup>().AsNoTracking().After(group => group.NameKey, key).Take(most + 1).ToListAsync(cancellationToken);
        var views = await ViewsAsync(db, groups, time.GetUtcNow(), cancellationToken);
        return TypedResults.Ok(DirectoryPages.Of(groups, most, group => group.NameKey, group => views[group.Id]));
    }

    private static async Task<Results<Ok<GroupView>, ProblemHttpResult>> ReadAsync(Guid id, IDbContextFactory<TocsinDbContext> contexts, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await db.Set<PersonGroup>().AsNoTracking().FirstOrDefaultAsync(g => g.Id == new GroupId(id), cancellationToken) is not { } group) return CommonRefusals.NotFound.ToProblem();
        return TypedResults.Ok((await ViewsAsync(db, [group], time.GetUtcNow(), cancellationToken))[group.Id]);
    }

    private static async Task<Results<Created<GroupView>, ProblemHttpResult>> AddAsync(GroupInput input, HttpContext context, GroupCommands commands, CancellationToken cancellationToken)
    {
        var answer = await commands.AddAsync(input, context.Actor(), cancellationToken);
        return answer.Value is { } group
            ? TypedResults.Created($"/api/v1/groups/{group.Id}", new GroupView(group.Id, group.Name, group.Description, group.ExternalId, group.Source, null, [], [], 0, 0))
            : answer.ToProblem();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> ChangeAsync(Guid id, GroupInput input, HttpContext context, GroupCommands commands, CancellationToken cancellationToken)
    {
        var answer = await commands.ChangeAsync(new GroupId(id), input, context.Actor(), cancellationToken);
        return answer.Refusal is null ? TypedResults.NoContent() : answer.ToProblem();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(Guid id, HttpContext context, GroupCommands commands, CancellationToken cancellationToken)
    {
        var answer = await commands.RemoveAsync(new GroupId(id), context.Actor(), cancellationToken);
        return answer.Refusal is null ? TypedResults.NoContent() : answer.ToProblem();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> ChangeMembersAsync(
        Guid id, MemberChange change, HttpContext context, GroupCommands commands, CancellationToken cancellationToken)
    {
        var answer = await commands.ChangeMembersAsync(new GroupId(id), change, context.Actor(), cancellationToken);
        return answer.Refusal is null ? TypedResults.NoContent() : answer.ToProblem();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> SetSubgroupsAsync(
        Guid id, SubgroupsInput input, HttpContext context, GroupCommands commands, CancellationToken cancellationToken)
    {
        var answer = await commands.SetSubgroupsAsync(new GroupId(id), input.Groups ?? [], context.Actor(), cancellationToken);
        return answer.Refusal is null ? TypedResults.NoContent() : answer.ToProblem();
    }

    private static async Task<Dictionary<GroupId, GroupView>> ViewsAsync(TocsinDbContext db, List<PersonGroup> groups, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var graph = await GroupGraph.ReadAsync(db, cancellationToken);
        var ids = groups.Select(group => group.Id).ToList();
        var members = await (
            from member in db.Set<GroupMember>()
            where ids.Contains(member.GroupId) && !db.Set<Person>().Any(person => !person.Active && person.Id == member.PersonId)
            group member by member.GroupId into direct
            select new { direct.Key, Count = direct.Count() }).ToDictionaryAsync(direct => direct.Key, direct => direct.Count, cancellationToken);
        var views = new Dictionary<GroupId, GroupView>();
        foreach (var group in groups)
        {
            GroupId[] parents = [.. graph.ParentsOf(group.Id)];
            GroupId[] children = [.. graph.ChildrenOf(group.Id)];
            var direct = members.GetValueOrDefault(group.Id);

            // Somebody may be in several nested groups: who is in them all together has to be counted, not added up.
            var people = children.Length == 0
                ? direct
                : await AudienceQuery.CountAsync(db, new AudienceExpression { Include = new AudienceSelection { Groups = [group.Id] } }, now, cancellationToken);
            views[group.Id] = new GroupView(
                group.Id, group.Name, group.Description, group.ExternalId, group.Source, parents.Length == 0 ? null : parents[0], parents, children, direct, people);
        }

        return views;
    }
}

internal sealed record SubgroupsInput(IReadOnlyList<GroupId>? Groups);

/// <param name="ParentId">The first of <paramref name="ParentIds"/>, for a tree; null at the top.</param>
/// <param name="DirectMembers">Active people who are in it themselves.</param>
/// <param name="People">With those of nested groups, each once.</param>
internal sealed record GroupView(
    GroupId Id,
    string Name,
    string? Description,
    string? ExternalId,
    DirectorySource Source,
    GroupId? ParentId,
    IReadOnlyList<GroupId> ParentIds,
    IReadOnlyList<GroupId> SubgroupIds,
    int DirectMembers,
    int People);
