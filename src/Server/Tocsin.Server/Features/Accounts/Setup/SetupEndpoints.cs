using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Content;
using Tocsin.Alerting.Time;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.Accounts.Passkeys;
using Tocsin.Server.Features.Accounts.Passwords;
using Tocsin.Server.Features.Settings;
using Tocsin.Storage;

namespace Tocsin.Server.Features.Accounts.Setup;

/// <summary>What a person does with a set-up link: choose a passkey, or a password and an authenticator app, and be signed in.</summary>
internal static class SetupEndpoints
{
    private const string Reason = "the link's token says who may";

    public static void MapSetup(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/api/v1/setup");
        group.MapPost("", ReadAsync).AllowAnonymousBecause(Reason).WithName("readSetupLink");
        group.MapPost("/passkey/options", BeginPasskeyAsync).AllowAnonymousBecause(Reason).WithName("beginSetupWithPasskey");
        group.MapPost("/passkey", WithPasskeyAsync).AllowAnonymousBecause(Reason).WithName("setUpWithPasskey");
        group.MapPost("/authenticator", OfferAuthenticatorAsync).AllowAnonymousBecause(Reason).WithName("beginSetupWithPassword");
        group.MapPost("/password", WithPasswordAsync).AllowAnonymousBecause(Reason).WithName("setUpWithPassword");
    }

    private static async Task<Results<Ok<SetupLinkView>, ProblemHttpResult>> ReadAsync(
        SetupRequest request, IDbContextFactory<TocsinDbContext> contexts, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await SetupLinks.FindAsync(db, request.Token, time.GetUtcNow(), cancellationToken) is not { } open) return AccountRefusals.SetupLinkInvalid.ToProblem();
        var organisation = await OrganisationName.ReadAsync(db, cancellationToken);
        var language = open.Holder is { } holder ? holder.Language ?? await DefaultLanguage.ReadAsync(db, cancellationToken) : (ContentLanguage?)null;
        return TypedResults.Ok(new SetupLinkView(open.Holder is null, open.Holder?.Name, open.Holder?.Account.UserName, language, organisation, open.Link.ExpiresAt));
    }

    private static async Task<Results<Ok<PasskeyOptions>, ProblemHttpResult>> BeginPasskeyAsync(
        SetupRequest request, PasskeyCeremony ceremony, HttpContext context, IDbContextFactory<TocsinDbContext> contexts, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await SetupLinks.FindAsync(db, request.Token, time.GetUtcNow(), cancellationToken) is not { } open) return AccountRefusals.SetupLinkInvalid.ToProblem();
        if (open.Holder is { } holder) return TypedResults.Ok(await ceremony.BeginMakingAsync(db, holder.Account.Id, holder.Account.UserName!, holder.Name, context));
        if (!SignInName.TryRead(request.Administrator?.SignInName, out var name)) return AccountRefusals.SignInNameInvalid.ToProblem();
        if (request.Administrator?.FindUnknownZone() is { } unknown) return unknown;
        return TypedResults.Ok(await ceremony.BeginMakingAsync(db, Guid.CreateVersion7(time.GetUtcNow()), name, name, context));
    }

    private static async Task<Results<Ok<SessionView>, ProblemHttpResult>> WithPasskeyAsync(
        SetupWithPasskeyRequest request, AccountSetup setup, PasskeyCeremony ceremony, HttpContext context, IDbContextFactory<TocsinDbContext> contexts, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (request.Administrator?.FindUnknownZone() is { } unknown) return unknown;
        var made = await ceremony.CompleteMakingAsync(db, request.Credential, context);
        if (made is null) return AccountRefusals.PasskeyTooLate.ToProblem();
        if (!made.Succeeded) return AccountRefusals.PasskeyRefused.ToProblem();
        made.Passkey.Name = PasskeyName.Of(request.PasskeyName, context);
        return await AnswerAsync(setup.CompleteAsync(request.Token, request.Administrator, new NewPasskey(Guid.Parse(made.UserEntity.Id), made.Passkey), context, cancellationToken));
    }

    private static async Task<Results<Ok<AuthenticatorOffer>, ProblemHttpResult>> OfferAuthenticatorAsync(
        SetupRequest request, AuthenticatorEnrolment authenticators, IDbContextFactory<TocsinDbContext> contexts, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await SetupLinks.FindAsync(db, request.Token, time.GetUtcNow(), cancellationToken) is not { } open) return AccountRefusals.SetupLinkInvalid.ToProblem();
        if (!SignInName.TryRead(open.Holder?.Account.UserName ?? request.Administrator?.SignInName, out var name)) return AccountRefusals.SignInNameInvalid.ToProblem();
        if (request.Administrator?.FindUnknownZone() is { } unknown) return unknown;
        return TypedResults.Ok(authenticators.Offer($"setup-link:{open.Link.Id}", name));
    }

    private static async Task<Results<Ok<SessionView>, ProblemHttpResult>> WithPasswordAsync(
        SetupWithPasswordRequest request, AccountSetup setup, NewPasswordReader passwords, HttpContext context, IDbContextFactory<TocsinDbContext> contexts, TimeProvider time,
        CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await SetupLinks.FindAsync(db, request.Token, time.GetUtcNow(), cancellationToken) is not { } open) return AccountRefusals.SetupLinkInvalid.ToProblem();
        if (request.Administrator?.FindUnknownZone() is { } unknown) return unknown;
        var name = open.Holder?.Account.UserName ?? request.Administrator?.SignInName ?? "";
        var (password, refusal) = await passwords.ReadAsync(request.Password, name, $"setup-link:{open.Link.Id}", request.Enrolment, request.Code, cancellationToken);
        if (password is null) return refusal!.ToProblem();
        return await AnswerAsync(setup.CompleteAsync(request.Token, request.Administrator, password, context, cancellationToken));
    }

    private static async Task<Results<Ok<SessionView>, ProblemHttpResult>> AnswerAsync(Task<CompletedSetup> setup)
    {
        var completed = await setup;
        return completed.View is { } view ? TypedResults.Ok(view) : completed.Refusal!.ToProblem();
    }
}

/// <param name="Administrator">Only with the first start's link.</param>
internal sealed record SetupRequest(string? Token, FirstAdministrator? Administrator);

internal sealed record SetupWithPasskeyRequest(string? Token, FirstAdministrator? Administrator, JsonElement Credential, string? PasskeyName);

internal sealed record SetupWithPasswordRequest(string? Token, FirstAdministrator? Administrator, string? Password, string? Enrolment, string? Code);

/// <summary>Who the first administrator is, and what they are asked of the organisation.</summary>
/// <param name="TimeZone">IANA name, as for the settings. Null leaves the machine's.</param>
internal sealed record FirstAdministrator(string? SignInName, string? GivenName, string? FamilyName, ContentLanguage? Language, string? Organisation, string? TimeZone)
{
    /// <summary>Asked at each step, so that it is told before a passkey is made for nothing.</summary>
    public ProblemHttpResult? FindUnknownZone() => TimeZone is null || IanaTimeZone.TryFind(TimeZone, out _)
        ? null
        : CommonRefusals.InvalidInput.ToProblem(fields: new Dictionary<string, string>(StringComparer.Ordinal) { ["administrator.timeZone"] = RuleCodes.TimeZoneUnknown });
}

/// <param name="FirstAdministrator">The link of the first start: the page asks for names too.</param>
internal sealed record SetupLinkView(bool FirstAdministrator, string? Name, string? SignInName, ContentLanguage? Language, string Organisation, DateTimeOffset ExpiresAt);
