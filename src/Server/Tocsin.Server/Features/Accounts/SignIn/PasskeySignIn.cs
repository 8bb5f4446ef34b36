using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Tocsin.Server.Features.Accounts.Passkeys;
using Tocsin.Storage;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Features.Accounts.SignIn;

/// <summary>Sign-in with a passkey: the device says whose it is, nobody types a name. Not slowed down: there is nothing to guess.</summary>
internal sealed class PasskeySignIn(IDbContextFactory<TocsinDbContext> contexts, CommandStore store, AccountIdentity identity, PasskeyCeremony ceremony, SignInCompletion completion)
{
    public async Task<PasskeyOptions> BeginAsync(HttpContext context, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await ceremony.BeginSignInAsync(db, context);
    }

    public async Task<SignInResult> SignInAsync(PasskeyCredentialRequest request, HttpContext context, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var asserted = await ceremony.CompleteSignInAsync(db, request.Credential, context);
        if (asserted is null) return SignInResult.Refused(AccountRefusals.PasskeyTooLate);
        if (!asserted.Succeeded) return SignInResult.Refused(AccountRefusals.PasskeyRefused);
        var completed = await OpenAsync(asserted.User.Id, asserted.Passkey, context, cancellationToken);
        return completed is null ? SignInResult.Refused(AccountRefusals.SignInRefused) : SignInResult.SignedIn(await completion.AnswerAsync(context, completed));
    }

    /// <returns>Null when the account is disabled, or the passkey was removed or used since it was looked at.</returns>
    private Task<CompletedSignIn?> OpenAsync(Guid account, UserPasskeyInfo passkey, HttpContext context, CancellationToken cancellationToken) =>
        store.CommitAsync(
            async (transaction, token) =>
            {
                if (await AccountHolder.FindAsync(transaction.Db, account, token) is not { Account.DisabledAt: null } holder) return null;
                var accounts = identity.Over(transaction.Db);
                if (await accounts.GetPasskeyAsync(holder.Account, passkey.CredentialId) is not { } kept || HasMovedOn(kept, passkey)) return null;
                await accounts.AddOrUpdatePasskeyAsync(holder.Account, passkey);
                return await completion.OpenAsync(transaction, holder, SignInMethod.Passkey, context, token);
            },
            cancellationToken);

    /// <summary>WebAuthn Level 3, section 7.2, step 22: a counter that does not grow is the sign of a copy, or of the same answer sent twice.</summary>
    private static bool HasMovedOn(UserPasskeyInfo kept, UserPasskeyInfo asserted) => (kept.SignCount != 0 || asserted.SignCount != 0) && kept.SignCount >= asserted.SignCount;
}
