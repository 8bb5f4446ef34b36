using Tocsin.Server.Access;

namespace Tocsin.Server.Features.Accounts;

/// <summary>
/// A new way to sign in, for oneself or as an administrator for somebody or for a machine, is made only by who has just signed in: whoever finds an unlocked screen, or steals a session,
/// cannot make themselves a lasting key.
/// </summary>
internal static class FreshSignIn
{
    /// <summary>Time to find the page; short enough that a screen left alone over lunch is no longer fresh.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <summary>A ceremony that began in time may end: a passkey is waited for this long.</summary>
    private static readonly TimeSpan Ceremony = TimeSpan.FromMinutes(5);

    /// <summary>Refuses with <c>sign-in-too-old</c> where the session was opened longer ago than <see cref="Lifetime"/>.</summary>
    public static RouteHandlerBuilder RequireFreshSignIn(this RouteHandlerBuilder endpoint) => Require(endpoint, Lifetime);

    /// <summary>For the second step of what <see cref="RequireFreshSignIn"/> let begin.</summary>
    public static RouteHandlerBuilder RequireFreshSignInToFinish(this RouteHandlerBuilder endpoint) => Require(endpoint, Lifetime + Ceremony);

    private static RouteHandlerBuilder Require(RouteHandlerBuilder endpoint, TimeSpan lifetime) => endpoint.AddEndpointFilter(async (invocation, next) =>
    {
        var context = invocation.HttpContext;
        var opened = context.Features.Get<AccessGrant>()?.OpenedAt;
        var now = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        return opened is { } at && now - at <= lifetime ? await next(invocation) : AccountRefusals.SignInTooOld.ToProblem();
    });
}
