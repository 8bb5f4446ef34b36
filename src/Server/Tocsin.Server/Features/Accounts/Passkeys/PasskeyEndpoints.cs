using System.Buffers.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using System.Text.Json;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Storage;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Commands;

namespace Tocsin.Server.Features.Accounts.Passkeys;

/// <summary>One's own passkeys.</summary>
internal static class PasskeyEndpoints
{
    internal const int Maximum = 20;

    public static void MapPasskeys(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/api/v1/passkeys");
        group.MapGet("", ListAsync).RequireSignedIn().WithName("listPasskeys");
        group.MapPost("/options", BeginAsync).RequireSignedIn().RequireFreshSignIn().WithName("beginPasskey");
        group.MapPost("", AddAsync).RequireSignedIn().RequireFreshSignInToFinish().WithName("addPasskey");
        group.MapPut("/{id}/name", RenameAsync).RequireSignedIn().WithName("renamePasskey");
        group.MapDelete("/{id}", RemoveAsync).RequireSignedIn().WithName("removePasskey");
    }

    private static async Task<Ok<PasskeyList>> ListAsync(HttpContext context, AccountIdentity identity, IDbContextFactory<TocsinDbContext> contexts, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var account = await db.Users.SingleAsync(a => a.Id == context.AccountId(), cancellationToken);
        var passkeys = await identity.Over(db).GetPasskeysAsync(account);
        return TypedResults.Ok(new PasskeyList([.. passkeys.OrderBy(p => p.CreatedAt).Select(PasskeyView.Of)]));
    }

    private static async Task<Results<Ok<PasskeyOptions>, ProblemHttpResult>> BeginAsync(
        HttpContext context, PasskeyCeremony ceremony, AccountIdentity identity, IDbContextFactory<TocsinDbContext> contexts, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var holder = await AccountHolder.FindAsync(db, context.AccountId(), cancellationToken) ?? throw new InvalidOperationException("A session without an account.");
        if ((await identity.Over(db).GetPasskeysAsync(holder.Account)).Count >= Maximum) return AccountRefusals.TooManyPasskeys.ToProblem();
        return TypedResults.Ok(await ceremony.BeginMakingAsync(db, holder.Account.Id, holder.Account.UserName!, holder.Name, context));
    }

    private static async Task<Results<Ok<PasskeyView>, ProblemHttpResult>> AddAsync(
        AddPasskeyRequest request, HttpContext context, PasskeyCeremony ceremony, AccountIdentity identity, IDbContextFactory<TocsinDbContext> contexts, CommandStore store,
        CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var made = await ceremony.CompleteMakingAsync(db, request.Credential, context);
        if (made is null) return AccountRefusals.PasskeyTooLate.ToProblem();
        if (!made.Succeeded || made.UserEntity.Id != context.AccountId().ToString()) return AccountRefusals.PasskeyRefused.ToProblem();
        made.Passkey.Name = PasskeyName.Of(request.Name, context);
        await store.CommitAsync(
            async (transaction, token) =>
            {
                var account = await transaction.Db.Users.SingleAsync(a => a.Id == context.AccountId(), token);
                await identity.Over(transaction.Db).AddOrUpdatePasskeyAsync(account, made.Passkey);
                transaction.Record(new AuditDraft(context.Actor().ForAudit, "passkey.added", $"account:{account.Id}", new { made.Passkey.Name }));
            },
            cancellationToken);
        return TypedResults.Ok(PasskeyView.Of(made.Passkey));
    }

    private static Task<Results<NoContent, ProblemHttpResult>> RenameAsync(
        string id, RenamePasskeyRequest request, HttpContext context, AccountIdentity identity, CommandStore store, CancellationToken cancellationToken) =>
        ChangeAsync(id, context, identity, store, async (transaction, accounts, account, passkey) =>
        {
            passkey.Name = PasskeyName.Of(request.Name, context);
            await accounts.AddOrUpdatePasskeyAsync(account, passkey);
            transaction.Record(new AuditDraft(context.Actor().ForAudit, "passkey.renamed", $"account:{account.Id}", new { passkey.Name }));
            return null;
        }, cancellationToken);

    private static Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(
        string id, HttpContext context, AccountIdentity identity, CommandStore store, CancellationToken cancellationToken) =>
        ChangeAsync(id, context, identity, store, async (transaction, accounts, account, passkey) =>
        {
            if (account.PasswordHash is null && (await accounts.GetPasskeysAsync(account)).Count == 1) return AccountRefusals.LastCredential;
            await accounts.RemovePasskeyAsync(account, passkey.CredentialId);
            transaction.Record(new AuditDraft(context.Actor().ForAudit, "passkey.removed", $"account:{account.Id}", new { passkey.Name }));
            return null;
        }, cancellationToken);

    private static async Task<Results<NoContent, ProblemHttpResult>> ChangeAsync(
        string id, HttpContext context, AccountIdentity identity, CommandStore store,
        Func<CommandTransaction, UserManager<Storage.Model.Account>, Storage.Model.Account, UserPasskeyInfo, Task<Refusal?>> change, CancellationToken cancellationToken)
    {
        if (id.Length > 1500 || !Base64Url.IsValid(id)) return CommonRefusals.NotFound.ToProblem();
        var credential = Base64Url.DecodeFromChars(id);
        var refusal = await store.CommitAsync(
            async (transaction, token) =>
            {
                var account = await transaction.Db.Users.SingleAsync(a => a.Id == context.AccountId(), token);
                var accounts = identity.Over(transaction.Db);
                return await accounts.GetPasskeyAsync(account, credential) is { } passkey ? await change(transaction, accounts, account, passkey) : CommonRefusals.NotFound;
            },
            cancellationToken);
        return refusal is null ? TypedResults.NoContent() : refusal.ToProblem();
    }
}

internal sealed record PasskeyList(IReadOnlyList<PasskeyView> Items);

/// <param name="Id">The credential id, base64url.</param>
/// <param name="Synced">It is backed up by the platform's maker and may be on several devices.</param>
internal sealed record PasskeyView(string Id, string Name, DateTimeOffset CreatedAt, bool Synced)
{
    public static PasskeyView Of(UserPasskeyInfo passkey) => new(Base64Url.EncodeToString(passkey.CredentialId), passkey.Name ?? "", passkey.CreatedAt, passkey.IsBackedUp);
}

internal sealed record AddPasskeyRequest(string? Name, JsonElement Credential);

internal sealed record RenamePasskeyRequest(string? Name);
