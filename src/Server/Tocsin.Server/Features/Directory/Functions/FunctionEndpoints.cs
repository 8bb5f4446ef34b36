using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.Idempotency;
using Tocsin.Storage;
using Tocsin.Storage.Directory;

namespace Tocsin.Server.Features.Directory.Functions;

internal static class FunctionEndpoints
{
    public static void MapFunctions(this IEndpointRouteBuilder endpoints)
    {
        var functions = endpoints.MapGroup("/api/v1/functions").WithTags("directory");
        functions.MapGet("", ListAsync).RequireRole(DirectoryAccess.Readers).WithName("listFunctions");
        functions.MapPost("", AddAsync).RequireRole(DirectoryAccess.Writers).WithIdempotency().WithName("addFunction");
        functions.MapPut("/{id:guid}", ChangeAsync).RequireRole(DirectoryAccess.Writers).WithName("changeFunction");
        functions.MapDelete("/{id:guid}", RemoveAsync).RequireRole(DirectoryAccess.Writers).WithName("removeFunction");
        functions.MapPut("/{id:guid}/holders", SetHoldersAsync).RequireRole(DirectoryAccess.Writers).WithName("setFunctionHolders");
    }

    private static async Task<Results<Ok<Page<FunctionView>>, ProblemHttpResult>> ListAsync(
        string? after, int? limit, HttpContext context, IDbContextFactory<TocsinDbContext> contexts, CancellationToken cancellationToken)
    {
        if (!Paging.TryRead(after, out string key)) return CommonRefusals.InvalidInput.ToProblem(fields: FieldErrors.One("after", "invalid").ByPath);
        var most = Paging.LimitOf(limit, DirectoryPages.Most, DirectoryPages.Usual);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var functions = await db.Set<CrisisFunction>().AsNoTracking().After(f => f.NameKey, key).Take(most + 1).ToListAsync(cancellationToken);
        var holders = await HoldersAsync(db, functions, cancellationToken);
        var language = FunctionNames.LanguageOf(context);
        return TypedResults.Ok(DirectoryPages.Of(functions, most, f => f.NameKey, f => View(f, language, holders[f.Id])));
    }

    private static async Task<Results<Created<FunctionView>, ProblemHttpResult>> AddAsync(
        FunctionInput input, HttpContext context, FunctionCommands commands, CancellationToken cancellationToken)
    {
        var answer = await commands.AddAsync(input, context.Actor(), cancellationToken);
        return answer.Value is { } function
            ? TypedResults.Created($"/api/v1/functions/{function.Id}", View(function, FunctionNames.LanguageOf(context), []))
            : answer.ToProblem();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> ChangeAsync(
        Guid id, FunctionInput input, HttpContext context, FunctionCommands commands, CancellationToken cancellationToken)
    {
        var answer = await commands.ChangeAsync(new FunctionId(id), input, context.Actor(), cancellationToken);
        return answer.Refusal is null ? TypedResults.NoContent() : answer.ToProblem();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(Guid id, HttpContext context, FunctionCommands commands, CancellationToken cancellationToken)
    {
        var answer = await commands.RemoveAsync(new FunctionId(id), context.Actor(), cancellationToken);
        return answer.Refusal is null ? TypedResults.NoContent() : answer.ToProblem();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> SetHoldersAsync(
        Guid id, FunctionHoldersInput input, HttpContext context, FunctionCommands commands, CancellationToken cancellationToken)
    {
        var answer = await commands.SetHoldersAsync(new FunctionId(id), input, context.Actor(), cancellationToken);
        return answer.Refusal is null ? TypedResults.NoContent() : answer.ToProblem();
    }

    private static async Task<ILookup<FunctionId, FunctionHolderView>> HoldersAsync(TocsinDbContext db, List<CrisisFunction> functions, CancellationToken cancellationToken)
    {
        var ids = functions.Select(function => function.Id).ToList();
        var rows = await (
            from holder in db.Set<FunctionHolder>()
            join person in db.Set<Person>() on holder.PersonId equals person.Id
            where ids.Contains(holder.FunctionId)
            orderby holder.Rank, person.SortKey
            select new { holder.FunctionId, View = new FunctionHolderView(person.Id, person.DisplayName, holder.Rank, person.Active) }).ToListAsync(cancellationToken);
        return rows.ToLookup(row => row.FunctionId, row => row.View);
    }

    private static FunctionView View(CrisisFunction function, string language, IEnumerable<FunctionHolderView> holders)
    {
        var all = holders.ToList();
        return new FunctionView(
            function.Id,
            FunctionNames.In(language, function.NameFr, function.NameEn),
            function.NameFr,
            function.NameEn,
            function.Description,
            function.Source,
            [.. all.Where(holder => holder.Rank == FunctionHolder.Holder)],
            [.. all.Where(holder => holder.Rank != FunctionHolder.Holder)],
            all.Count(holder => holder.Rank == FunctionHolder.Holder && holder.Active));
    }
}

/// <param name="Rank">0: holder; 1 and above: deputies in the order in which they stand in.</param>
/// <param name="Active">False: taken out of the directory; somebody else should hold it.</param>
internal sealed record FunctionHolderView(PersonId Id, string Name, int Rank, bool Active);

/// <param name="Name">In the caller's language.</param>
/// <param name="People">Active holders: who is told when the function is.</param>
internal sealed record FunctionView(
    FunctionId Id,
    string Name,
    string? NameFr,
    string? NameEn,
    string? Description,
    DirectorySource Source,
    IReadOnlyList<FunctionHolderView> Holders,
    IReadOnlyList<FunctionHolderView> Deputies,
    int People);
