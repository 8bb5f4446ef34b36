using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.AlertsApi;
using Tocsin.Server.Features.Idempotency;
using Tocsin.Storage;
using Tocsin.Storage.Directory;

namespace Tocsin.Server.Features.Directory.People;

internal static class PersonEndpoints
{
    private const int LongestSearch = 200;

    public static void MapPeople(this IEndpointRouteBuilder endpoints)
    {
        var people = endpoints.MapGroup("/api/v1/people").WithTags("directory");
        people.MapGet("", ListAsync).RequireRole(DirectoryAccess.Readers).WithName("listPeople");
        people.MapPost("", AddAsync).RequireRole(DirectoryAccess.Writers).WithIdempotency().WithName("addPerson");
        people.MapGet("/{id:guid}", ReadAsync).RequireRole(DirectoryAccess.Readers).WithName("readPerson");
        people.MapPut("/{id:guid}", ChangeAsync).RequireRole(DirectoryAccess.Writers).WithName("changePerson");
        people.MapPost("/{id:guid}/deactivate", DeactivateAsync).RequireRole(DirectoryAccess.Writers).WithIdempotency().WithName("deactivatePerson");
        people.MapPost("/{id:guid}/reactivate", ReactivateAsync).RequireRole(DirectoryAccess.Writers).WithIdempotency().WithName("reactivatePerson");
        endpoints.MapGet("/api/v1/me/person", ReadSelfAsync).RequireSignedIn().WithTags("directory").WithName("readOwnPerson");
    }

    /// <summary>People by name. With <c>search</c>, those of whom each word typed begins a word of the names, the external id or the job title.</summary>
    private static async Task<Results<Ok<Page<PersonSummary>>, ProblemHttpResult>> ListAsync(
        [AsParameters] PeopleListRequest request, IDbContextFactory<TocsinDbContext> contexts, TimeProvider time, CancellationToken cancellationToken)
    {
        if (request.Search is { Length: > LongestSearch }) return Invalid("search", DirectoryText.TooLong);
        if (!Paging.TryRead(request.After, out PeopleCursor? after)) return Invalid("after", "invalid");
        if (!WireWord.TryParse(request.Lacking, out Lack? lack)) return Invalid("lacking", "invalid");
        var months = request.Months ?? Verifications.UsualMonths;
        if (months is < 1 or > Verifications.MostMonths) return Invalid("months", FieldCodes.OutOfRange);
        var limit = Paging.LimitOf(request.Limit);
        var filter = request.ToFilter() with { Lacking = lack, VerifiedSince = Verifications.Since(time.GetUtcNow(), months) };
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var people = await PeopleQuery.ListAsync(db, filter, after, limit + 1, cancellationToken);
        var next = people.Count > limit ? Paging.CursorOf(new PeopleCursor(people[limit - 1].SortKey, people[limit - 1].Id)) : null;
        return TypedResults.Ok(new Page<PersonSummary>(await PersonViews.SummariesAsync(db, people[..Math.Min(limit, people.Count)], cancellationToken), next));
    }

    private static Task<Results<Ok<PersonDetail>, ProblemHttpResult>> ReadAsync(
        Guid id, HttpContext context, IDbContextFactory<TocsinDbContext> contexts, CancellationToken cancellationToken) =>
        DetailAsync(new PersonId(id), context, contexts, cancellationToken);

    private static async Task<Results<Ok<PersonDetail>, ProblemHttpResult>> ReadSelfAsync(
        HttpContext context, IDbContextFactory<TocsinDbContext> contexts, CancellationToken cancellationToken) =>
        context.Actor().Person is { } self ? await DetailAsync(self, context, contexts, cancellationToken) : CommonRefusals.NotFound.ToProblem();

    private static async Task<Results<Created<PersonDetail>, ProblemHttpResult>> AddAsync(
        PersonInput input, HttpContext context, PersonCommands commands, IDbContextFactory<TocsinDbContext> contexts, CancellationToken cancellationToken)
    {
        var answer = await commands.AddAsync(input, context.Actor(), cancellationToken);
        if (answer.Value is not { } person) return answer.ToProblem();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return TypedResults.Created($"/api/v1/people/{person.Id}", await PersonViews.FindAsync(db, person.Id, FunctionNames.LanguageOf(context), cancellationToken));
    }

    private static async Task<Results<Ok<PersonDetail>, ProblemHttpResult>> ChangeAsync(
        Guid id, PersonInput input, HttpContext context, PersonCommands commands, IDbContextFactory<TocsinDbContext> contexts, CancellationToken cancellationToken)
    {
        var answer = await commands.ChangeAsync(new PersonId(id), input, context.Actor(), cancellationToken);
        return answer.Refusal is null ? await DetailAsync(new PersonId(id), context, contexts, cancellationToken) : answer.ToProblem();
    }

    private static Task<Results<Ok<PersonDetail>, ProblemHttpResult>> DeactivateAsync(
        Guid id, HttpContext context, PersonCommands commands, IDbContextFactory<TocsinDbContext> contexts, CancellationToken cancellationToken) =>
        SetActiveAsync(new PersonId(id), active: false, context, commands, contexts, cancellationToken);

    private static Task<Results<Ok<PersonDetail>, ProblemHttpResult>> ReactivateAsync(
        Guid id, HttpContext context, PersonCommands commands, IDbContextFactory<TocsinDbContext> contexts, CancellationToken cancellationToken) =>
        SetActiveAsync(new PersonId(id), active: true, context, commands, contexts, cancellationToken);

    private static async Task<Results<Ok<PersonDetail>, ProblemHttpResult>> SetActiveAsync(
        PersonId id, bool active, HttpContext context, PersonCommands commands, IDbContextFactory<TocsinDbContext> contexts, CancellationToken cancellationToken)
    {
        var answer = await commands.SetActiveAsync(id, active, context.Actor(), cancellationToken);
        return answer.Refusal is null ? await DetailAsync(id, context, contexts, cancellationToken) : answer.ToProblem();
    }

    private static async Task<Results<Ok<PersonDetail>, ProblemHttpResult>> DetailAsync(
        PersonId id, HttpContext context, IDbContextFactory<TocsinDbContext> contexts, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await PersonViews.FindAsync(db, id, FunctionNames.LanguageOf(context), cancellationToken) is { } detail
            ? TypedResults.Ok(detail)
            : CommonRefusals.NotFound.ToProblem();
    }

    private static ProblemHttpResult Invalid(string field, string code) => CommonRefusals.InvalidInput.ToProblem(fields: FieldErrors.One(field, code).ByPath);
}

internal sealed record PeopleListRequest
{
    public string? Search { get; init; }

    /// <summary>Members of the group and of groups nested in it.</summary>
    public Guid? GroupId { get; init; }

    /// <summary>Only direct members of the group.</summary>
    public bool? Direct { get; init; }

    public Guid? SiteId { get; init; }

    /// <summary>Holders and deputies.</summary>
    public Guid? FunctionId { get; init; }

    public Guid? ListId { get; init; }

    /// <summary>False: only those who were taken out.</summary>
    public bool? Active { get; init; }

    /// <summary>Only those who lack it: <c>address</c>, <c>mobile</c>, <c>push</c>, <c>verification</c>, <c>recent-verification</c>, <c>passkey</c> or <c>room-device</c>.</summary>
    public string? Lacking { get; init; }

    /// <summary>For <c>recent-verification</c>: how many months are recent, 1 to 36; 12 where not given.</summary>
    public int? Months { get; init; }

    public string? After { get; init; }
    public int? Limit { get; init; }

    public PeopleFilter ToFilter() => new()
    {
        Search = Search,
        Group = GroupId is { } group ? new GroupId(group) : null,
        DirectMembersOnly = Direct ?? false,
        Site = SiteId is { } site ? new SiteId(site) : null,
        Function = FunctionId is { } function ? new FunctionId(function) : null,
        List = ListId is { } list ? new ListId(list) : null,
        Active = Active ?? true,
    };
}
