using Tocsin.Server.Errors;

namespace Tocsin.Server.Features.Accounts.SignIn;

/// <summary>Either <see cref="View"/>, or why not.</summary>
internal sealed record SignInResult(SessionView? View, Refusal? Refusal, TimeSpan? RetryAfter)
{
    public static SignInResult SignedIn(SessionView view) => new(view, null, null);

    public static SignInResult Refused(Refusal refusal) => new(null, refusal, null);

    public static SignInResult Wait(TimeSpan wait) => new(null, AccountRefusals.TooManySignIns, wait);
}
