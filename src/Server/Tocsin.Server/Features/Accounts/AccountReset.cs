using Microsoft.EntityFrameworkCore;
using Tocsin.Server.Access;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Features.Accounts;

/// <summary>Takes away every way to sign in that an account has, and every session.</summary>
internal sealed class AccountReset(AccountIdentity identity, AccessEnds ends)
{
    public async Task RunAsync(CommandTransaction transaction, Account account, CancellationToken cancellationToken)
    {
        var accounts = identity.Over(transaction.Db);
        foreach (var passkey in await accounts.GetPasskeysAsync(account)) await accounts.RemovePasskeyAsync(account, passkey.CredentialId);
        (account.PasswordHash, account.AuthenticatorKey, account.TwoFactorEnabled) = (null, null, false);
        var now = transaction.Now;
        await transaction.Db.Set<EmergencyCard>().Where(card => card.AccountId == account.Id && card.RevokedAt == null)
            .ExecuteUpdateAsync(card => card.SetProperty(p => p.RevokedAt, now), cancellationToken);
        await EndSessionsAsync(transaction, account, cancellationToken);
    }

    /// <summary>Ends every living session of <paramref name="account"/>, except <paramref name="kept"/>.</summary>
    /// <returns>How many.</returns>
    public async Task<int> EndSessionsAsync(CommandTransaction transaction, Account account, CancellationToken cancellationToken, SessionId? kept = null)
    {
        var living = await transaction.Db.Set<Session>()
            .Where(session => session.AccountId == account.Id && session.RevokedAt == null && session.ExpiresAt > transaction.Now).ToListAsync(cancellationToken);
        living.RemoveAll(session => session.Id == kept);
        foreach (var session in living) ends.Revoke(transaction, session, account);
        return living.Count;
    }
}
