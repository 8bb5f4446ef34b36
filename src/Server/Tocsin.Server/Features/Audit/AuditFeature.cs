using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Storage;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Features.Audit;

/// <summary>Reading, checking and exporting the audit trail. Reading it is itself recorded once exported.</summary>
internal static class AuditFeature
{
    private const Roles Readers = Roles.Administrator | Roles.Auditor | Roles.CrisisDirector;
    private const int MaximumPage = 200;

    public static void MapAudit(this IEndpointRouteBuilder endpoints)
    {
        var audit = endpoints.MapGroup("/api/v1/audit").WithTags("audit");
        audit.MapGet("/entries", ListAsync).RequireRole(Readers).WithName("listAuditEntries");
        audit.MapGet("/integrity", CheckAsync).RequireRole(Readers).WithName("checkAuditTrail");
        audit.MapPost("/export", ExportAsync).RequireRole(Roles.Administrator | Roles.Auditor).WithName("exportAuditTrail");
    }

    /// <param name="before">Only records with a smaller number; absent: from the newest.</param>
    /// <param name="subject">Only records about this (<c>alert:UUID</c>).</param>
    private static async Task<Results<Ok<AuditPage>, ProblemHttpResult>> ListAsync(
        IDbContextFactory<TocsinDbContext> contexts, long? before, int? limit, string? subject, string? actor, CancellationToken cancellationToken)
    {
        if (limit is < 1 or > MaximumPage) return CommonRefusals.InvalidInput.ToProblem($"limit is 1 to {MaximumPage}.");
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var query = db.Set<AuditRecord>().AsNoTracking();
        if (before is { } seq) query = query.Where(r => r.Seq < seq);
        if (subject is not null) query = query.Where(r => r.Subject == subject);
        if (actor is not null) query = query.Where(r => r.Actor == actor);
        var take = limit ?? 50;
        var records = await query.OrderByDescending(r => r.Seq).Take(take + 1).ToListAsync(cancellationToken);
        return TypedResults.Ok(new AuditPage([.. records.Take(take).Select(AuditEntry.From)], records.Count > take ? records[take - 1].Seq : null));
    }

    private static async Task<Ok<AuditIntegrity>> CheckAsync(IDbContextFactory<TocsinDbContext> contexts, CancellationToken cancellationToken)
    {
        var brokenAt = await AuditChain.FindBreakAsync(contexts, cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var last = await db.Set<AuditRecord>().AsNoTracking().OrderByDescending(r => r.Seq).FirstOrDefaultAsync(cancellationToken);
        return TypedResults.Ok(new AuditIntegrity(last?.Seq ?? 0, last is null ? null : Convert.ToHexStringLower(last.Hash), brokenAt));
    }

    /// <summary>The whole trail as JSON lines, hashes included, so that it can be checked elsewhere (docs/protocol/audit.md). POST because it leaves a record.</summary>
    private static async Task ExportAsync(HttpContext context, IDbContextFactory<TocsinDbContext> contexts, CommandStore store, CancellationToken cancellationToken)
    {
        await store.CommitAsync(
            (transaction, _) =>
            {
                transaction.Record(new AuditDraft(context.Actor().ForAudit, "audit-trail.exported", null));
                return Task.CompletedTask;
            },
            cancellationToken);
        context.Response.ContentType = "application/jsonl; charset=utf-8";
        context.Response.Headers.ContentDisposition = "attachment; filename=\"tocsin-audit.jsonl\"";
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await foreach (var record in db.Set<AuditRecord>().AsNoTracking().OrderBy(r => r.Seq).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            await System.Text.Json.JsonSerializer.SerializeAsync(context.Response.Body, AuditEntry.From(record), Storage.Events.EventJson.Options, cancellationToken);
            await context.Response.Body.WriteAsync("\n"u8.ToArray(), cancellationToken);
        }
    }
}

/// <param name="Next">Give as <c>before</c> for the next page; absent on the last.</param>
internal sealed record AuditPage(IReadOnlyList<AuditEntry> Entries, long? Next);

/// <param name="Hash">SHA-256 in hex, as <see cref="AuditChain"/> computes it.</param>
/// <param name="Detail">The JSON text that was hashed, as it is.</param>
internal sealed record AuditEntry(long Seq, DateTimeOffset At, string Actor, string ActorName, string? Origin, string Action, string? Subject, string Detail, string Hash)
{
    public static AuditEntry From(AuditRecord record) => new(
        record.Seq, record.At, record.Actor, record.ActorName, record.Origin, record.Action, record.Subject, record.Detail, Convert.ToHexStringLower(record.Hash));
}

/// <param name="Head">The last record's hash, to be noted elsewhere: it proves the whole trail up to it.</param>
/// <param name="BrokenAt">The first record that is not what was written; absent where all is whole.</param>
internal sealed record AuditIntegrity(long Entries, string? Head, long? BrokenAt);
