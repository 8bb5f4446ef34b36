using Microsoft.AspNetCore.Identity;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Features.Accounts.Passwords;

/// <summary>Hashes and checks passwords. Outside any transaction: a hash takes some 100 ms, and SQLite has one writer.</summary>
internal sealed class PasswordCheck(IPasswordHasher<Account> hasher)
{
    // Compared with where there is no account or no password, so that both cost the same time.
    private readonly string decoy = hasher.HashPassword(new Account(), Guid.NewGuid().ToString());

    public string Hash(string password) => hasher.HashPassword(new Account(), password);

    /// <param name="account">Null for an unknown name: takes as long, and is false.</param>
    public bool IsRight(Account? account, string? password)
    {
        var hash = account?.PasswordHash;
        var verified = hasher.VerifyHashedPassword(account ?? new Account(), hash ?? decoy, password is { Length: <= 256 } ? password : "");
        return hash is not null && verified != PasswordVerificationResult.Failed;
    }
}
