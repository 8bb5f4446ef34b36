using Microsoft.EntityFrameworkCore;
using Tocsin.Server.Features.Accounts.Passwords;
using Tocsin.Storage;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Features.Accounts.SignIn;

/// <summary>Sign-in with a password and a one-time code, both in one request: whoever guesses never learns which of the two was wrong.</summary>
internal sealed class PasswordSignIn(
    IDbContextFactory<TocsinDbContext> contexts, CommandStore store, PasswordCheck passwords, SignInThrottle throttle, KnownDevice devices, SignInCompletion completion,
    RefusedSignIns refused, TimeProvider time)
{
    // When more passwords wait to be checked than a few seconds allow.
    private static readonly TimeSpan busy = TimeSpan.FromSeconds(5);

    public async Task<SignInResult> SignInAsync(PasswordSignInRequest request, HttpContext context, CancellationToken cancellationToken)
    {
        if (!SignInName.TryRead(request.SignInName, out var name)) return SignInResult.Refused(AccountRefusals.SignInRefused);
        var holder = await FindAsync(name, cancellationToken);
        var device = await devices.RecogniseAsync(context.Request, holder?.Account.Id, cancellationToken);
        var attempt = new SignInAttempt(name, SignInAttempt.AddressOf(context.Connection.RemoteIpAddress), device, CountsForAccount: true);
        var admission = throttle.Admit(attempt);
        if (admission.Wait > TimeSpan.Zero) return SignInResult.Wait(admission.Wait);
        if (await passwords.IsRightAsync(holder?.Account, request.Password, cancellationToken) is not { } isRight) return SignInResult.Wait(busy);
        var step = OneTimeCode.FindStep(holder?.Account.AuthenticatorKey ?? [], request.Code, time.GetUtcNow());
        if (holder is not null && isRight && step is { } used && await OpenAsync(holder.Account, used, context, cancellationToken) is { } completed)
        {
            throttle.Succeeded(admission);
            return SignInResult.SignedIn(await completion.AnswerAsync(context, completed));
        }

        if (holder is not null) refused.Record(holder, SignInMethod.Password, isRight ? "code" : "password", context);
        return SignInResult.Refused(AccountRefusals.SignInRefused);
    }

    private async Task<AccountHolder?> FindAsync(string name, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await AccountHolder.FindByNameAsync(db, name, cancellationToken);
    }

    /// <returns>Null when the account was disabled, its password changed or the code used since it was looked at.</returns>
    private Task<CompletedSignIn?> OpenAsync(Account seen, long step, HttpContext context, CancellationToken cancellationToken) =>
        store.CommitAsync(
            async (transaction, token) =>
            {
                var taken = await transaction.Db.Users
                    .Where(a => a.Id == seen.Id && a.PasswordHash == seen.PasswordHash && a.DisabledAt == null && a.AuthenticatorKey != null && a.AuthenticatorStep < step)
                    .ExecuteUpdateAsync(a => a.SetProperty(p => p.AuthenticatorStep, step), token);
                if (taken == 0) return null;
                var holder = await AccountHolder.FindAsync(transaction.Db, seen.Id, token);
                return holder is null ? null : await completion.OpenAsync(transaction, holder, SignInMethod.Password, context, token);
            },
            cancellationToken);
}

internal sealed record PasswordSignInRequest(string? SignInName, string? Password, string? Code);
