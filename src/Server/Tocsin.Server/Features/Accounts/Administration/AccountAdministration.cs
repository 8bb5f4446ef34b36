using Microsoft.EntityFrameworkCore;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.Accounts.Setup;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Features.Accounts.Administration;

/// <summary>What an administrator does to accounts. Each command is audited, and felt at once by the account's sessions.</summary>
internal sealed class AccountAdministration(CommandStore store, SetupLinks links, AccountReset reset, AccessEnds ends)
{
    public Task<(Invitation? Invitation, Refusal? Refusal)> CreateAsync(NewAccount wanted, Actor actor, CancellationToken cancellationToken) =>
        store.CommitAsync<(Invitation?, Refusal?)>(
            async (transaction, token) =>
            {
                var created = await AccountCreation.CreateAsync(transaction, wanted, null, token);
                if (created.Holder is not { } holder) return (null, created.Refusal);
                var link = await links.IssueAsync(transaction, holder.Account.Id, actor.Id, token);
                transaction.Record(new AuditDraft(
                    actor.ForAudit, "account.created", holder.Subject, new { holder.Account.UserName, roles = RoleNames.NamesOf(holder.Account.Roles), link = link.Id }));
                ends.Refresh(transaction, holder.Account);
                return (new Invitation(holder.Account.Id, link), null);
            },
            cancellationToken);

    public Task<Refusal?> SetRolesAsync(Guid id, Roles roles, Actor actor, CancellationToken cancellationToken) =>
        ChangeAsync(id, async (transaction, account, token) =>
        {
            var wanted = roles | Roles.Staff;
            if (!wanted.HasFlag(Roles.Administrator) && await IsLastAdministratorAsync(transaction, account, token)) return AccountRefusals.LastAdministrator;
            transaction.Record(new AuditDraft(
                actor.ForAudit, "account.roles-changed", $"account:{id}", new { from = RoleNames.NamesOf(account.Roles), to = RoleNames.NamesOf(wanted) }));
            account.Roles = wanted;
            ends.Refresh(transaction, account);
            return null;
        }, cancellationToken);

    public Task<Refusal?> DisableAsync(Guid id, Actor actor, CancellationToken cancellationToken) =>
        ChangeAsync(id, async (transaction, account, token) =>
        {
            if (account.DisabledAt is not null) return null;
            if (await IsLastAdministratorAsync(transaction, account, token)) return AccountRefusals.LastAdministrator;
            account.DisabledAt = transaction.Now;
            await SetupLinks.WithdrawAsync(transaction, id, token);
            await reset.EndSessionsAsync(transaction, account, token);
            transaction.Record(new AuditDraft(actor.ForAudit, "account.disabled", $"account:{id}"));
            ends.Refresh(transaction, account);
            return null;
        }, cancellationToken);

    public Task<Refusal?> EnableAsync(Guid id, Actor actor, CancellationToken cancellationToken) =>
        ChangeAsync(id, (transaction, account, _) =>
        {
            if (account.DisabledAt is null) return Task.FromResult<Refusal?>(null);
            account.DisabledAt = null;
            transaction.Record(new AuditDraft(actor.ForAudit, "account.enabled", $"account:{id}"));
            ends.Refresh(transaction, account);
            return Task.FromResult<Refusal?>(null);
        }, cancellationToken);

    public Task<Refusal?> EndSessionsAsync(Guid id, Actor actor, CancellationToken cancellationToken) =>
        ChangeAsync(id, async (transaction, account, token) =>
        {
            var ended = await reset.EndSessionsAsync(transaction, account, token);
            transaction.Record(new AuditDraft(actor.ForAudit, "sessions.revoked", $"account:{id}", new { ended }));
            return null;
        }, cancellationToken);

    public Task<Refusal?> EndSessionAsync(Guid id, SessionId session, Actor actor, CancellationToken cancellationToken) =>
        ChangeAsync(id, async (transaction, account, token) =>
        {
            var living = await transaction.Db.Set<Session>().FirstOrDefaultAsync(s => s.Id == session && s.AccountId == id && s.RevokedAt == null, token);
            if (living is null) return CommonRefusals.NotFound;
            ends.Revoke(transaction, living, account);
            transaction.Record(new AuditDraft(actor.ForAudit, "session.revoked", $"session:{session}", new { account = id }));
            return null;
        }, cancellationToken);

    /// <summary>A new set-up link. What the account has to sign in with stays until the link is used.</summary>
    public async Task<(Invitation? Invitation, Refusal? Refusal)> InviteAsync(Guid id, Actor actor, CancellationToken cancellationToken)
    {
        Invitation? invitation = null;
        var refusal = await ChangeAsync(id, async (transaction, account, token) =>
        {
            if (account.DisabledAt is not null) return AccountRefusals.AccountDisabled;
            var link = await links.IssueAsync(transaction, id, actor.Id, token);
            transaction.Record(new AuditDraft(actor.ForAudit, "invitation.issued", $"account:{id}", new { link = link.Id }));
            invitation = new Invitation(id, link);
            return null;
        }, cancellationToken);
        return (refusal is null ? invitation : null, refusal);
    }

    private Task<Refusal?> ChangeAsync(Guid id, Func<CommandTransaction, Account, CancellationToken, Task<Refusal?>> change, CancellationToken cancellationToken) =>
        store.CommitAsync(
            async (transaction, token) =>
            {
                await AdministratorsLock.TakeAsync(transaction, token);
                var account = await transaction.Db.Users.FirstOrDefaultAsync(a => a.Id == id, token);
                return account is null ? CommonRefusals.NotFound : await change(transaction, account, token);
            },
            cancellationToken);

    private static async Task<bool> IsLastAdministratorAsync(CommandTransaction transaction, Account account, CancellationToken cancellationToken) =>
        account.Roles.HasFlag(Roles.Administrator) &&
        !await transaction.Db.Users.AnyAsync(a => a.Id != account.Id && (a.Roles & Roles.Administrator) != Roles.None && a.DisabledAt == null, cancellationToken);
}

internal sealed record Invitation(Guid Account, IssuedSetupLink Link);
