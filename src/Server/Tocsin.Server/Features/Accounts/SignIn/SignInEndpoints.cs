using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Tocsin.Server.Access;
using Tocsin.Server.Features.Accounts.Passkeys;
using Tocsin.Server.Features.Accounts.Setup;
using Tocsin.Server.Features.Demonstration;
using Tocsin.Server.Features.Settings;
using Tocsin.Server.Hosting;
using Tocsin.Storage;

namespace Tocsin.Server.Features.Accounts.SignIn;

/// <summary>The ways to sign in.</summary>
internal static class SignInEndpoints
{
    private const string Reason = "who signs in is nobody yet";

    public static void MapSignIn(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/api/v1/sign-in");
        group.MapGet("", WaysAsync).AllowAnonymousBecause("says only how one can sign in").WithName("waysToSignIn");
        group.MapPost("/password", PasswordAsync).AllowAnonymousBecause(Reason).WithName("signInWithPassword");
        group.MapPost("/emergency-card", EmergencyCardAsync).AllowAnonymousBecause(Reason).WithName("signInWithEmergencyCard");
        group.MapPost("/passkey/options", PasskeyOptionsAsync).AllowAnonymousBecause(Reason).WithName("beginPasskeySignIn");
        group.MapPost("/passkey", PasskeyAsync).AllowAnonymousBecause(Reason).WithName("signInWithPasskey");
    }

    private static async Task<Ok<WaysToSignIn>> WaysAsync(ServerAddress address, IDbContextFactory<TocsinDbContext> contexts, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var organisation = await OrganisationName.ReadAsync(db, cancellationToken);
        return TypedResults.Ok(new WaysToSignIn(PasskeyDomain.IsPossible(address.Public), await FirstSetup.IsDoneAsync(db, cancellationToken), organisation, await DemonstrationStart.IsOneAsync(db, cancellationToken)));
    }

    private static Task<Results<Ok<SessionView>, ProblemHttpResult>> PasswordAsync(
        PasswordSignInRequest request, PasswordSignIn signIn, HttpContext context, CancellationToken cancellationToken) =>
        AnswerAsync(signIn.SignInAsync(request, context, cancellationToken), context);

    private static Task<Results<Ok<SessionView>, ProblemHttpResult>> EmergencyCardAsync(
        CardSignInRequest request, CardSignIn signIn, HttpContext context, CancellationToken cancellationToken) =>
        AnswerAsync(signIn.SignInAsync(request, context, cancellationToken), context);

    private static async Task<Ok<PasskeyOptions>> PasskeyOptionsAsync(PasskeySignIn signIn, HttpContext context, CancellationToken cancellationToken) =>
        TypedResults.Ok(await signIn.BeginAsync(context, cancellationToken));

    private static Task<Results<Ok<SessionView>, ProblemHttpResult>> PasskeyAsync(
        PasskeyCredentialRequest request, PasskeySignIn signIn, HttpContext context, CancellationToken cancellationToken) =>
        AnswerAsync(signIn.SignInAsync(request, context, cancellationToken), context);

    private static async Task<Results<Ok<SessionView>, ProblemHttpResult>> AnswerAsync(Task<SignInResult> signIn, HttpContext context)
    {
        var result = await signIn;
        if (result.View is { } view) return TypedResults.Ok(view);
        if (result.RetryAfter is { } wait) context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return result.Refusal!.ToProblem();
    }
}

/// <param name="Passkeys">False where the address is a bare IP address: browsers want a name.</param>
/// <param name="SetUp">False until there is an administrator.</param>
internal sealed record WaysToSignIn(bool Passkeys, bool SetUp, string Organisation, bool Demonstration);
