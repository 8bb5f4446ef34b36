using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Storage;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Features.Accounts.OwnSessions;

/// <summary>The session one is in, and one's others.</summary>
internal static class SessionEndpoints
{
    public static void MapSessions(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/api/v1/session", WhoAsync).RequireSignedIn().WithName("readSession");
        endpoints.MapDelete("/api/v1/session", SignOutAsync).RequireSignedIn().WithName("signOut");
        endpoints.MapGet("/api/v1/sessions", ListAsync).RequireSignedIn().WithName("listSessions");
        endpoints.MapDelete("/api/v1/sessions/{id:guid}", RevokeAsync).RequireSignedIn().WithName("revokeSession");
        endpoints.MapDelete("/api/v1/sessions", RevokeOthersAsync).RequireSignedIn().WithName("revokeOtherSessions");
    }

    private static async Task<Results<Ok<SessionView>, ProblemHttpResult>> WhoAsync(
        HttpContext context, IDbContextFactory<TocsinDbContext> contexts, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var id = context.SessionId();
        var session = await db.Set<Session>().AsNoTracking().FirstOrDefaultAsync(s => s.Id == id, cancellationToken);
        var holder = await AccountHolder.FindAsync(db, context.AccountId(), cancellationToken);
        if (session is null || holder is null) return CommonRefusals.NotSignedIn.ToProblem();
        return TypedResults.Ok(await SessionView.ReadAsync(db, holder, session, cancellationToken));
    }

    private static async Task<NoContent> SignOutAsync(HttpContext context, CommandStore store, AccessEnds ends, SessionCookie cookie, CancellationToken cancellationToken)
    {
        await EndAsync(context.SessionId(), context, store, ends, "session.closed", cancellationToken);
        cookie.Delete(context);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<SessionList>> ListAsync(HttpContext context, IDbContextFactory<TocsinDbContext> contexts, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return TypedResults.Ok(await SessionList.ReadAsync(db, context.AccountId(), context.SessionId(), time.GetUtcNow(), cancellationToken));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RevokeAsync(Guid id, HttpContext context, CommandStore store, AccessEnds ends, CancellationToken cancellationToken) =>
        await EndAsync(new SessionId(id), context, store, ends, "session.revoked", cancellationToken) ? TypedResults.NoContent() : CommonRefusals.NotFound.ToProblem();

    private static async Task<Ok<RevokedSessions>> RevokeOthersAsync(HttpContext context, CommandStore store, AccountReset reset, CancellationToken cancellationToken)
    {
        var count = await store.CommitAsync(
            async (transaction, token) =>
            {
                var account = await transaction.Db.Users.SingleAsync(a => a.Id == context.AccountId(), token);
                var ended = await reset.EndSessionsAsync(transaction, account, token, context.SessionId());
                transaction.Record(new AuditDraft(context.Actor().ForAudit, "sessions.revoked", $"account:{account.Id}", new { ended }));
                return ended;
            },
            cancellationToken);
        return TypedResults.Ok(new RevokedSessions(count));
    }

    private static Task<bool> EndAsync(SessionId id, HttpContext context, CommandStore store, AccessEnds ends, string action, CancellationToken cancellationToken) =>
        store.CommitAsync(
            async (transaction, token) =>
            {
                var account = await transaction.Db.Users.SingleAsync(a => a.Id == context.AccountId(), token);
                var session = await transaction.Db.Set<Session>().FirstOrDefaultAsync(s => s.Id == id && s.AccountId == account.Id && s.RevokedAt == null, token);
                if (session is null) return false;
                ends.Revoke(transaction, session, account);
                transaction.Record(new AuditDraft(context.Actor().ForAudit, action, $"session:{session.Id}"));
                return true;
            },
            cancellationToken);
}

internal sealed record RevokedSessions(int Ended);

/// <summary>The living sessions of one account, the one used last first.</summary>
internal sealed record SessionList(IReadOnlyList<ListedSession> Items)
{
    public static async Task<SessionList> ReadAsync(TocsinDbContext db, Guid account, SessionId? current, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var sessions = await db.Set<Session>().AsNoTracking()
            .Where(session => session.AccountId == account && session.RevokedAt == null && session.ExpiresAt > now)
            .OrderByDescending(session => session.LastSeenAt).ToListAsync(cancellationToken);
        var living = sessions.Where(session => now < session.LastSeenAt + SessionLifetime.Of(session.Method).Idle);
        return new SessionList([.. living.Select(session => new ListedSession(
            session.Id, session.Method, session.Device, session.Network, session.CreatedAt, session.LastSeenAt, session.ExpiresAt, session.Id == current))]);
    }
}

/// <param name="Network">Where it was opened from, without the last part.</param>
/// <param name="Current">The one that asks.</param>
internal sealed record ListedSession(
    SessionId Id, SignInMethod Method, string Device, string? Network, DateTimeOffset CreatedAt, DateTimeOffset LastSeenAt, DateTimeOffset ExpiresAt, bool Current);
