using Microsoft.AspNetCore.Identity;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Features.Accounts.Passwords;

/// <summary>Hashes and checks passwords, which is made to be slow: outside any transaction, and never on more than half of the processors.</summary>
/// <remarks>Whoever floods sign-in with passwords delays passwords, not alerts: the rest of the server keeps its processors, and a passkey does not come by here.</remarks>
internal sealed class PasswordCheck(IPasswordHasher<Account> hasher) : IDisposable
{
    // Some seconds' worth of checks; whoever comes after is told to wait rather than kept.
    private const int MaximumWaiting = 32;

    private readonly SemaphoreSlim turns = new(Math.Max(1, Environment.ProcessorCount / 2));

    // Compared with where there is no account or no password, so that both cost the same time.
    private readonly string decoy = hasher.HashPassword(new Account(), Guid.NewGuid().ToString());

    private int waiting;

    public Task<string> HashAsync(string password, CancellationToken cancellationToken) => InTurnAsync(() => hasher.HashPassword(new Account(), password), cancellationToken);

    /// <param name="account">Null for an unknown name: takes as long, and is false.</param>
    /// <returns>Null when too many others wait.</returns>
    public async Task<bool?> IsRightAsync(Account? account, string? password, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref waiting) > MaximumWaiting)
        {
            Interlocked.Decrement(ref waiting);
            return null;
        }

        try
        {
            return await InTurnAsync(() => IsRight(account, password), cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }

    public void Dispose() => turns.Dispose();

    private bool IsRight(Account? account, string? password)
    {
        var hash = account?.PasswordHash;
        var verified = hasher.VerifyHashedPassword(account ?? new Account(), hash ?? decoy, password is { Length: <= 256 } ? password : "");
        return hash is not null && verified != PasswordVerificationResult.Failed;
    }

    private async Task<T> InTurnAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        await turns.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(work, cancellationToken);
        }
        finally
        {
            turns.Release();
        }
    }
}
