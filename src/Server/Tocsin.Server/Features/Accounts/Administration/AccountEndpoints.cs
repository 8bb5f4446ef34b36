using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Content;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.Accounts.EmergencyCards;
using Tocsin.Server.Features.Accounts.OwnSessions;
using Tocsin.Storage;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Features.Accounts.Administration;

/// <summary>Other people's accounts, for administrators; auditors read.</summary>
internal static class AccountEndpoints
{
    private const Roles Readers = Roles.Administrator | Roles.Auditor;

    public static void MapAccountAdministration(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/api/v1/accounts");
        group.MapGet("", ListAsync).RequireRole(Readers).WithName("listAccounts");
        group.MapGet("/{id:guid}", ReadAsync).RequireRole(Readers).WithName("readAccount");
        group.MapPost("", CreateAsync).RequireRole(Roles.Administrator).RequireFreshSignIn().WithName("createAccount");
        group.MapPut("/{id:guid}/roles", SetRolesAsync).RequireRole(Roles.Administrator).WithName("setAccountRoles");
        group.MapPost("/{id:guid}/disable", DisableAsync).RequireRole(Roles.Administrator).WithName("disableAccount");
        group.MapPost("/{id:guid}/enable", EnableAsync).RequireRole(Roles.Administrator).WithName("enableAccount");
        group.MapPost("/{id:guid}/invitation", InviteAsync).RequireRole(Roles.Administrator).RequireFreshSignIn().WithName("inviteAccount");
        group.MapGet("/{id:guid}/sessions", ListSessionsAsync).RequireRole(Readers).WithName("listAccountSessions");
        group.MapDelete("/{id:guid}/sessions", EndSessionsAsync).RequireRole(Roles.Administrator).WithName("signOutAccount");
        group.MapDelete("/{id:guid}/sessions/{session:guid}", EndSessionAsync).RequireRole(Roles.Administrator).WithName("revokeAccountSession");
        group.MapGet("/{id:guid}/emergency-cards", ListCardsAsync).RequireRole(Readers).WithName("listAccountEmergencyCards");
        group.MapDelete("/{id:guid}/emergency-cards/{card:guid}", RevokeCardAsync).RequireRole(Roles.Administrator).WithName("revokeAccountEmergencyCard");
    }

    private static async Task<Results<Ok<AccountPage>, ProblemHttpResult>> ListAsync(
        string? search, string? after, int? limit, IDbContextFactory<TocsinDbContext> contexts, TimeProvider time, CancellationToken cancellationToken)
    {
        if (search is { Length: > 200 }) return CommonRefusals.InvalidInput.ToProblem(fields: new Dictionary<string, string>(StringComparer.Ordinal) { ["search"] = "too-long" });
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return TypedResults.Ok(await AccountViews.ListAsync(db, search, after, Math.Clamp(limit ?? 50, 1, AccountViews.MaximumPage), time.GetUtcNow(), cancellationToken));
    }

    private static async Task<Results<Ok<AccountView>, ProblemHttpResult>> ReadAsync(
        Guid id, IDbContextFactory<TocsinDbContext> contexts, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await AccountViews.FindAsync(db, id, time.GetUtcNow(), cancellationToken) is { } view ? TypedResults.Ok(view) : CommonRefusals.NotFound.ToProblem();
    }

    private static async Task<Results<Created<InvitedAccount>, ProblemHttpResult>> CreateAsync(
        CreateAccountRequest request, HttpContext context, AccountAdministration administration, IDbContextFactory<TocsinDbContext> contexts, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!RoleNames.TryParse(request.Roles ?? [], out var roles)) return UnknownRole();
        var person = request.PersonId is null ? new NewPerson(request.GivenName ?? "", request.FamilyName ?? "", request.Language) : null;
        var (invitation, refusal) = await administration.CreateAsync(new NewAccount(request.SignInName, roles, request.PersonId, person), context.Actor(), cancellationToken);
        if (invitation is null) return refusal!.ToProblem();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var view = await AccountViews.FindAsync(db, invitation.Account, time.GetUtcNow(), cancellationToken);
        return TypedResults.Created($"/api/v1/accounts/{invitation.Account}", new InvitedAccount(view!, InvitationLink.Of(invitation.Link)));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> SetRolesAsync(
        Guid id, SetRolesRequest request, HttpContext context, AccountAdministration administration, CancellationToken cancellationToken) =>
        RoleNames.TryParse(request.Roles ?? [], out var roles) ? Answer(await administration.SetRolesAsync(id, roles, context.Actor(), cancellationToken)) : UnknownRole();

    private static async Task<Results<NoContent, ProblemHttpResult>> DisableAsync(Guid id, HttpContext context, AccountAdministration administration, CancellationToken cancellationToken) =>
        Answer(await administration.DisableAsync(id, context.Actor(), cancellationToken));

    private static async Task<Results<NoContent, ProblemHttpResult>> EnableAsync(Guid id, HttpContext context, AccountAdministration administration, CancellationToken cancellationToken) =>
        Answer(await administration.EnableAsync(id, context.Actor(), cancellationToken));

    private static async Task<Results<Ok<InvitationLink>, ProblemHttpResult>> InviteAsync(
        Guid id, HttpContext context, AccountAdministration administration, CancellationToken cancellationToken)
    {
        var (invitation, refusal) = await administration.InviteAsync(id, context.Actor(), cancellationToken);
        return invitation is null ? refusal!.ToProblem() : TypedResults.Ok(InvitationLink.Of(invitation.Link));
    }

    private static async Task<Ok<SessionList>> ListSessionsAsync(Guid id, IDbContextFactory<TocsinDbContext> contexts, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return TypedResults.Ok(await SessionList.ReadAsync(db, id, null, time.GetUtcNow(), cancellationToken));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> EndSessionsAsync(Guid id, HttpContext context, AccountAdministration administration, CancellationToken cancellationToken) =>
        Answer(await administration.EndSessionsAsync(id, context.Actor(), cancellationToken));

    private static async Task<Results<NoContent, ProblemHttpResult>> EndSessionAsync(
        Guid id, Guid session, HttpContext context, AccountAdministration administration, CancellationToken cancellationToken) =>
        Answer(await administration.EndSessionAsync(id, new SessionId(session), context.Actor(), cancellationToken));

    private static async Task<Ok<EmergencyCardList>> ListCardsAsync(Guid id, IDbContextFactory<TocsinDbContext> contexts, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return TypedResults.Ok(await EmergencyCardList.ReadAsync(db, id, cancellationToken));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RevokeCardAsync(Guid id, Guid card, HttpContext context, CommandStore store, CancellationToken cancellationToken)
    {
        var isRevoked = await store.CommitAsync(
            (transaction, token) => EmergencyCardEndpoints.RevokeCardAsync(transaction, id, card, context.Actor().ForAudit, token), cancellationToken);
        return isRevoked ? TypedResults.NoContent() : CommonRefusals.NotFound.ToProblem();
    }

    private static Results<NoContent, ProblemHttpResult> Answer(Refusal? refusal) => refusal is null ? TypedResults.NoContent() : refusal.ToProblem();

    private static ProblemHttpResult UnknownRole() => CommonRefusals.InvalidInput.ToProblem(fields: new Dictionary<string, string>(StringComparer.Ordinal) { ["roles"] = "unknown-role" });
}

/// <summary>For somebody of the directory (<paramref name="PersonId"/>), or somebody new (names and language).</summary>
internal sealed record CreateAccountRequest(
    string? SignInName, IReadOnlyList<string>? Roles, PersonId? PersonId, string? GivenName, string? FamilyName, ContentLanguage? Language);

internal sealed record SetRolesRequest(IReadOnlyList<string>? Roles);

internal sealed record InvitedAccount(AccountView Account, InvitationLink Invitation);
