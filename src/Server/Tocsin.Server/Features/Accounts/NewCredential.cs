using Microsoft.AspNetCore.Identity;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Features.Accounts;

/// <summary>A way to sign in that was checked and is ready to be kept.</summary>
internal abstract record NewCredential
{
    public abstract SignInMethod Method { get; }

    /// <param name="accounts">Over the command's transaction.</param>
    public abstract Task AddToAsync(Account account, UserManager<Account> accounts);
}

/// <param name="Account">Whom it was made for.</param>
internal sealed record NewPasskey(Guid Account, UserPasskeyInfo Passkey) : NewCredential
{
    public override SignInMethod Method => SignInMethod.Passkey;

    public override Task AddToAsync(Account account, UserManager<Account> accounts) => accounts.AddOrUpdatePasskeyAsync(account, Passkey);
}

/// <param name="Hash">Of the password.</param>
/// <param name="AuthenticatorKey">Shared with the person's app.</param>
/// <param name="Step">Of the code that showed it; not taken again.</param>
internal sealed record NewPassword(string Hash, byte[] AuthenticatorKey, long Step) : NewCredential
{
    public override SignInMethod Method => SignInMethod.Password;

    public override Task AddToAsync(Account account, UserManager<Account> accounts)
    {
        account.PasswordHash = Hash;
        account.AuthenticatorKey = AuthenticatorKey;
        account.AuthenticatorStep = Step;
        account.TwoFactorEnabled = true;
        return Task.CompletedTask;
    }
}
