using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Tocsin.Server.Errors;

namespace Tocsin.Server.Access;

internal static class AccessSchemes
{
    /// <summary>Chooses one of those below by the request.</summary>
    public const string Any = "access";

    public const string Session = "session";
    public const string ApiToken = "api-token";

    /// <summary>Of the endpoints for guests of rooms alone.</summary>
    public const string RoomGuest = "room-guest";
}

/// <summary>Turns a token into a principal; says "sign in first" and "not allowed" as problems, never as redirects.</summary>
internal abstract class AccessAuthentication(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    /// <summary>The token as the request carries it, or null where it carries none.</summary>
    protected abstract string? ReadToken();

    protected abstract Task<AccessGrant?> FindAsync(string token, CancellationToken cancellationToken);

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (ReadToken() is not { } token) return AuthenticateResult.NoResult();
        if (await FindAsync(token, Context.RequestAborted) is not { } grant) return AuthenticateResult.Fail("The token is not valid, or not any more.");
        Context.Features.Set(grant);
        return AuthenticateResult.Success(new AuthenticationTicket(grant.Principal, Scheme.Name));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer realm=\"tocsin\"";
        return CommonRefusals.NotSignedIn.ToProblem().ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => CommonRefusals.NotAllowed.ToProblem().ExecuteAsync(Context);
}

/// <summary>A browser with the session cookie.</summary>
internal sealed class SessionAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, SessionCookie cookie, AccessLookup lookup)
    : AccessAuthentication(options, logger, encoder)
{
    protected override string? ReadToken() => cookie.Read(Request);

    protected override Task<AccessGrant?> FindAsync(string token, CancellationToken cancellationToken) => lookup.FindSessionAsync(token, cancellationToken);
}

/// <summary>A machine with <c>Authorization: Bearer tcn_...</c> (RFC 6750, section 2.1).</summary>
internal sealed class ApiTokenAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, AccessLookup lookup)
    : AccessAuthentication(options, logger, encoder)
{
    private const string Bearer = "Bearer ";

    public static bool IsPresent(HttpRequest request) =>
        request.Headers.Authorization is [{ } value] && value.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase);

    protected override string? ReadToken() => IsPresent(Request) ? Request.Headers[HeaderNames.Authorization].ToString()[Bearer.Length..].Trim() : null;

    protected override Task<AccessGrant?> FindAsync(string token, CancellationToken cancellationToken) => lookup.FindApiTokenAsync(token, cancellationToken);
}
