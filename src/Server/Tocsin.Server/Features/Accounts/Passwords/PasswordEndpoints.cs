using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.Accounts.SignIn;
using Tocsin.Storage;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Features.Accounts.Passwords;

/// <summary>One's own password, which always comes with an authenticator app.</summary>
internal static class PasswordEndpoints
{
    public static void MapPassword(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/api/v1/password", ReadAsync).RequireSignedIn().WithName("readPasswordState");
        endpoints.MapPost("/api/v1/totp", OfferAsync).RequireSignedIn().RequireFreshSignIn().WithName("beginPassword");
        endpoints.MapPut("/api/v1/password", SetAsync).RequireSignedIn().RequireFreshSignInToFinish().WithName("setPassword");
        endpoints.MapDelete("/api/v1/password", RemoveAsync).RequireSignedIn().WithName("removePassword");
    }

    private static async Task<Ok<PasswordState>> ReadAsync(HttpContext context, IDbContextFactory<TocsinDbContext> contexts, CancellationToken cancellationToken) =>
        TypedResults.Ok(new PasswordState((await FindAsync(contexts, context, cancellationToken)).PasswordHash is not null));

    private static async Task<Ok<AuthenticatorOffer>> OfferAsync(
        HttpContext context, AuthenticatorEnrolment authenticators, IDbContextFactory<TocsinDbContext> contexts, CancellationToken cancellationToken)
    {
        var account = await FindAsync(contexts, context, cancellationToken);
        return TypedResults.Ok(authenticators.Offer($"account:{account.Id}", account.UserName!));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> SetAsync(
        SetPasswordRequest request, HttpContext context, NewPasswordReader reader, PasswordCheck passwords, AccountIdentity identity, AccountReset reset, SignInThrottle throttle, CommandStore store,
        IDbContextFactory<TocsinDbContext> contexts, CancellationToken cancellationToken)
    {
        var seen = await FindAsync(contexts, context, cancellationToken);
        var attempt = new SignInAttempt(seen.UserName!, $"session:{context.SessionId()}", null, CountsForAccount: false);
        if (seen.PasswordHash is not null && await CheckCurrentAsync(seen, request.CurrentPassword, attempt, passwords, throttle, cancellationToken) is { } wrong) return wrong.ToProblem();
        var (password, refusal) = await reader.ReadAsync(request.Password, seen.UserName!, $"account:{seen.Id}", request.Enrolment, request.Code, cancellationToken);
        if (password is null) return refusal!.ToProblem();
        var isSet = await store.CommitAsync(
            async (transaction, token) =>
            {
                var account = await transaction.Db.Users.SingleAsync(a => a.Id == seen.Id, token);
                if (account.PasswordHash != seen.PasswordHash) return false;
                await password.AddToAsync(account, identity.Over(transaction.Db));

                // Whoever knew the old password may sit in another session.
                if (seen.PasswordHash is not null) await reset.EndSessionsAsync(transaction, account, token, context.SessionId());
                transaction.Record(new AuditDraft(context.Actor().ForAudit, "password.set", $"account:{account.Id}"));
                return true;
            },
            cancellationToken);
        return isSet ? TypedResults.NoContent() : AccountRefusals.CurrentPasswordWrong.ToProblem();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(HttpContext context, AccountIdentity identity, CommandStore store, CancellationToken cancellationToken)
    {
        var refusal = await store.CommitAsync<Refusal?>(
            async (transaction, token) =>
            {
                var account = await transaction.Db.Users.SingleAsync(a => a.Id == context.AccountId(), token);
                if (account.PasswordHash is null) return CommonRefusals.NotFound;
                if ((await identity.Over(transaction.Db).GetPasskeysAsync(account)).Count == 0) return AccountRefusals.LastCredential;
                (account.PasswordHash, account.AuthenticatorKey, account.TwoFactorEnabled) = (null, null, false);
                transaction.Record(new AuditDraft(context.Actor().ForAudit, "password.removed", $"account:{account.Id}"));
                return null;
            },
            cancellationToken);
        return refusal is null ? TypedResults.NoContent() : refusal.ToProblem();
    }

    /// <summary>Guessing from within a stolen session is slowed down as guessing from outside is.</summary>
    private static async Task<Refusal?> CheckCurrentAsync(
        Account seen, string? password, SignInAttempt attempt, PasswordCheck passwords, SignInThrottle throttle, CancellationToken cancellationToken)
    {
        var admission = throttle.Admit(attempt);
        if (admission.Wait > TimeSpan.Zero) return AccountRefusals.TooManySignIns;
        if (await passwords.IsRightAsync(seen, password, cancellationToken) is not { } isRight) return AccountRefusals.TooManySignIns;
        if (isRight) throttle.Succeeded(admission);
        return isRight ? null : AccountRefusals.CurrentPasswordWrong;
    }

    private static async Task<Account> FindAsync(IDbContextFactory<TocsinDbContext> contexts, HttpContext context, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Users.AsNoTracking().SingleAsync(a => a.Id == context.AccountId(), cancellationToken);
    }
}

internal sealed record PasswordState(bool Set);

/// <param name="CurrentPassword">Where there is one.</param>
/// <param name="Enrolment">From the authenticator's offer (<c>POST /api/v1/totp</c>).</param>
/// <param name="Code">That the app shows now.</param>
internal sealed record SetPasswordRequest(string? CurrentPassword, string? Password, string? Enrolment, string? Code);
