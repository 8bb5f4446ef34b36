using Tocsin.Server.Errors;

namespace Tocsin.Server.Features.Accounts.Passwords;

/// <summary>Checks a new password with its authenticator: one never comes without the other.</summary>
internal sealed class NewPasswordReader(AuthenticatorEnrolment authenticators, PasswordCheck passwords, TimeProvider time)
{
    /// <param name="owner">What <paramref name="enrolment"/> was offered to.</param>
    /// <param name="code">From the app, to show that it has the key.</param>
    public async Task<(NewPassword? Password, Refusal? Refusal)> ReadAsync(
        string? password, string signInName, string owner, string? enrolment, string? code, CancellationToken cancellationToken)
    {
        if (PasswordPolicy.Check(password, signInName) is { } refusal) return (null, refusal);
        if (!authenticators.TryTake(owner, enrolment, out var key)) return (null, CommonRefusals.InvalidInput);
        if (OneTimeCode.FindStep(key, code, time.GetUtcNow()) is not { } step) return (null, AccountRefusals.CodeWrong);
        return (new NewPassword(await passwords.HashAsync(password!, cancellationToken), key, step), null);
    }
}
