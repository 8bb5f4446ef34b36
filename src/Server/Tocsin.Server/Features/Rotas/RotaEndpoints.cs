using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Rotas;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.Directory;
using Tocsin.Server.Features.Idempotency;
using Tocsin.Storage;
using Tocsin.Storage.Directory;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Features.Rotas;

/// <summary>Duty rotas: who is on duty, the plan, and changes to it. A change states the version that its author saw (<c>If-Match</c>).</summary>
internal static class RotaEndpoints
{
    private const Roles Planners = Roles.Administrator | Roles.CrisisDirector;
    private static readonly TimeSpan UsualCoverage = TimeSpan.FromDays(31);

    public static void MapRotas(this IEndpointRouteBuilder endpoints)
    {
        var rotas = endpoints.MapGroup("/api/v1/rotas").WithTags("rotas");
        rotas.MapGet("", ListAsync).RequireRole(DirectoryAccess.Readers).WithName("listRotas");
        rotas.MapGet("/on-duty", OnDutyAsync).RequireSignedIn().WithName("listOnDuty");
        rotas.MapGet("/coverage", CoverageAsync).RequireRole(DirectoryAccess.Readers).WithName("checkCoverage");
        rotas.MapGet("/{id:guid}", ReadAsync).RequireRole(DirectoryAccess.Readers).WithName("readRota");
        rotas.MapGet("/{id:guid}/schedule", ScheduleAsync).RequireRole(DirectoryAccess.Readers).WithName("readSchedule");
        rotas.MapPost("", AddAsync).RequireRole(DirectoryAccess.Writers).WithIdempotency().WithName("addRota");
        rotas.MapPut("/{id:guid}", ChangeAsync).RequireRole(DirectoryAccess.Writers).WithName("changeRota");
        rotas.MapDelete("/{id:guid}", RemoveAsync).RequireRole(DirectoryAccess.Writers).WithName("removeRota");
        rotas.MapPost("/{id:guid}/overrides", OverrideAsync).RequireRole(Planners | Roles.CrisisMember).WithIdempotency().WithName("overrideDuty");
        rotas.MapDelete("/{id:guid}/overrides/{index:int}", RemoveOverrideAsync).RequireRole(Planners).WithName("removeOverride");
        rotas.MapPost("/{id:guid}/swaps", SwapAsync).RequireRole(Planners | Roles.CrisisMember).WithIdempotency().WithName("swapDuty");
        rotas.MapPost("/{id:guid}/hand-over", HandOverAsync).RequireRole(Planners | Roles.CrisisMember).WithIdempotency().WithName("handOverDuty");
    }

    private static async Task<Results<Ok<Page<RotaSummary>>, ProblemHttpResult>> ListAsync(
        string? after, int? limit, IDbContextFactory<TocsinDbContext> contexts, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!Paging.TryRead(after, out string key)) return CommonRefusals.InvalidInput.ToProblem(fields: FieldErrors.One("after", "invalid").ByPath);
        var most = Paging.LimitOf(limit, DirectoryPages.Most, DirectoryPages.Usual);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var stored = await db.Set<StoredRota>().AsNoTracking().After(rota => rota.NameKey, key).Take(most + 1).ToListAsync(cancellationToken);
        var now = time.GetUtcNow();
        var rotas = stored.ToDictionary(rota => rota.Id, StoredRotas.Read);
        var names = await RotaViews.NamesAsync(db, rotas.Values.SelectMany(rota => rota.OnDutyAt(now)), cancellationToken);
        return TypedResults.Ok(DirectoryPages.Of(stored, most, rota => rota.NameKey, rota => Summary(rota, rotas[rota.Id], now, names)));
    }

    /// <summary>Who is on duty now in every rota. Telephone numbers only for those who may read the directory.</summary>
    private static async Task<Ok<OnDutyNow>> OnDutyAsync(HttpContext context, IDbContextFactory<TocsinDbContext> contexts, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var withPhones = context.Actor().Has(DirectoryAccess.Readers);
        return TypedResults.Ok(await RotaViews.OnDutyAsync(db, time.GetUtcNow(), FunctionNames.LanguageOf(context), withPhones, cancellationToken));
    }

    /// <summary>What is wrong in the time to come, for every rota: gaps, and people on duty who are no longer in the directory. Absent bounds: the next 31 days.</summary>
    private static async Task<Results<Ok<IReadOnlyList<RotaCoverage>>, ProblemHttpResult>> CoverageAsync(
        DateTimeOffset? from, DateTimeOffset? until, IDbContextFactory<TocsinDbContext> contexts, TimeProvider time, CancellationToken cancellationToken)
    {
        var start = from ?? time.GetUtcNow();
        if (RangeError(start, until ?? start + UsualCoverage) is { } error) return error;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return TypedResults.Ok(await RotaViews.CoverageAsync(db, start, until ?? start + UsualCoverage, cancellationToken));
    }

    private static async Task<Results<Ok<RotaDetail>, ProblemHttpResult>> ReadAsync(
        Guid id, HttpContext context, IDbContextFactory<TocsinDbContext> contexts, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Set<StoredRota>().AsNoTracking().FirstOrDefaultAsync(r => r.Id == new RotaId(id), cancellationToken) is { } stored
            ? TypedResults.Ok(await DetailAsync(db, stored, context, time, cancellationToken))
            : CommonRefusals.NotFound.ToProblem();
    }

    private static async Task<Results<Ok<RotaSchedule>, ProblemHttpResult>> ScheduleAsync(
        Guid id, DateTimeOffset from, DateTimeOffset until, IDbContextFactory<TocsinDbContext> contexts, CancellationToken cancellationToken)
    {
        if (RangeError(from, until) is { } error) return error;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await db.Set<StoredRota>().AsNoTracking().FirstOrDefaultAsync(r => r.Id == new RotaId(id), cancellationToken) is not { } stored) return CommonRefusals.NotFound.ToProblem();
        var schedule = StoredRotas.Read(stored).Schedule(from, until);
        var people = schedule.Assignments.Select(duty => duty.Person).Concat(schedule.Assignments.Select(duty => duty.Replaces).OfType<PersonId>());
        var names = await RotaViews.NamesAsync(db, people, cancellationToken);
        return TypedResults.Ok(new RotaSchedule(
            stored.Id, schedule.Assignments, schedule.Gaps, schedule.Overlaps, [.. names.Values], [.. RotaViews.Unavailable(schedule, names)]));
    }

    private static async Task<Results<Created<RotaDetail>, ProblemHttpResult>> AddAsync(
        RotaInput input, HttpContext context, RotaCommands commands, IDbContextFactory<TocsinDbContext> contexts, TimeProvider time, CancellationToken cancellationToken)
    {
        var answer = await commands.AddAsync(input, context.Actor(), cancellationToken);
        if (answer.Value is not { } stored) return answer.ToProblem();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return TypedResults.Created($"/api/v1/rotas/{stored.Id}", await DetailAsync(db, stored, context, time, cancellationToken));
    }

    private static async Task<Results<Ok<RotaDetail>, ProblemHttpResult>> ChangeAsync(
        Guid id, RotaInput input, HttpContext context, RotaCommands commands, IDbContextFactory<TocsinDbContext> contexts, TimeProvider time, CancellationToken cancellationToken) =>
        VersionOf(context) is { } version
            ? await AnswerAsync(await commands.ChangeAsync(new RotaId(id), version, input, context.Actor(), cancellationToken), context, contexts, time, cancellationToken)
            : RotaRefusals.VersionMissing.ToProblem();

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(Guid id, HttpContext context, RotaCommands commands, CancellationToken cancellationToken)
    {
        if (VersionOf(context) is not { } version) return RotaRefusals.VersionMissing.ToProblem();
        var answer = await commands.RemoveAsync(new RotaId(id), version, context.Actor(), cancellationToken);
        return answer.Refusal is null ? TypedResults.NoContent() : answer.ToProblem();
    }

    private static async Task<Results<Ok<RotaDetail>, ProblemHttpResult>> OverrideAsync(
        Guid id, RotaOverride change, HttpContext context, RotaCommands commands, IDbContextFactory<TocsinDbContext> contexts, TimeProvider time, CancellationToken cancellationToken) =>
        await AnswerAsync(await commands.OverrideAsync(new RotaId(id), VersionOf(context), change, context.Actor(), cancellationToken), context, contexts, time, cancellationToken);

    private static async Task<Results<Ok<RotaDetail>, ProblemHttpResult>> RemoveOverrideAsync(
        Guid id, int index, HttpContext context, RotaCommands commands, IDbContextFactory<TocsinDbContext> contexts, TimeProvider time, CancellationToken cancellationToken) =>
        VersionOf(context) is { } version
            ? await AnswerAsync(await commands.RemoveOverrideAsync(new RotaId(id), version, index, context.Actor(), cancellationToken), context, contexts, time, cancellationToken)
            : RotaRefusals.VersionMissing.ToProblem();

    private static async Task<Results<Ok<RotaDetail>, ProblemHttpResult>> SwapAsync(
        Guid id, SwapInput swap, HttpContext context, RotaCommands commands, IDbContextFactory<TocsinDbContext> contexts, TimeProvider time, CancellationToken cancellationToken) =>
        await AnswerAsync(await commands.SwapAsync(new RotaId(id), VersionOf(context), swap, context.Actor(), cancellationToken), context, contexts, time, cancellationToken);

    private static async Task<Results<Ok<RotaDetail>, ProblemHttpResult>> HandOverAsync(
        Guid id, HandOverInput input, HttpContext context, RotaCommands commands, IDbContextFactory<TocsinDbContext> contexts, TimeProvider time, CancellationToken cancellationToken) =>
        await AnswerAsync(await commands.HandOverAsync(new RotaId(id), VersionOf(context), input, context.Actor(), cancellationToken), context, contexts, time, cancellationToken);

    private static async Task<Results<Ok<RotaDetail>, ProblemHttpResult>> AnswerAsync(
        CommandAnswer<StoredRota> answer, HttpContext context, IDbContextFactory<TocsinDbContext> contexts, TimeProvider time, CancellationToken cancellationToken)
    {
        if (answer.Value is not { } stored) return answer.ToProblem();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return TypedResults.Ok(await DetailAsync(db, stored, context, time, cancellationToken));
    }

    private static async Task<RotaDetail> DetailAsync(TocsinDbContext db, StoredRota stored, HttpContext context, TimeProvider time, CancellationToken cancellationToken)
    {
        context.Response.Headers.ETag = ETagOf(stored.Version);
        var rota = StoredRotas.Read(stored);
        var names = await RotaViews.NamesAsync(db, StoredRotas.PeopleOf(rota), cancellationToken);
        return new RotaDetail(stored.Id, rota.Name, rota.TimeZone, stored.Version, rota.Shifts, rota.Overrides, [.. names.Values], rota.NextHandOver(time.GetUtcNow()));
    }

    private static RotaSummary Summary(StoredRota stored, Rota rota, DateTimeOffset now, Dictionary<PersonId, DutyPerson> names)
    {
        DutyPerson[] onDuty = [.. rota.OnDutyAt(now).Where(names.ContainsKey).Select(person => names[person])];
        return new RotaSummary(stored.Id, rota.Name, rota.TimeZone, stored.Version, onDuty, onDuty.Count(person => person.Active), rota.NextHandOver(now)?.At);
    }

    private static string ETagOf(int version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");

    /// <summary>The version in <c>If-Match</c>; null where there is none. Something else than a version is one that no rota has.</summary>
    private static int? VersionOf(HttpContext context)
    {
        var header = context.Request.Headers.IfMatch.ToString();
        return header.Length == 0 ? null : int.TryParse(header.Trim('"'), CultureInfo.InvariantCulture, out var version) ? version : 0;
    }

    private static ProblemHttpResult? RangeError(DateTimeOffset from, DateTimeOffset until) =>
        until > from && until - from <= Rota.LongestSchedule && from.Year is >= 1970 and < 2200
            ? null
            : CommonRefusals.InvalidInput.ToProblem(fields: FieldErrors.One("until", "out-of-range").ByPath);
}
