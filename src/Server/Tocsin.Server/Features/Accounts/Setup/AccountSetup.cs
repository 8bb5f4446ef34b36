using Tocsin.Alerting.Time;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.Accounts.SignIn;
using Tocsin.Server.Features.Settings;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Commands;

namespace Tocsin.Server.Features.Accounts.Setup;

/// <summary>Uses a set-up link: the account gets its new way to sign in, every earlier one goes, and the person is signed in.</summary>
internal sealed class AccountSetup(CommandStore store, AccountIdentity identity, AccountReset reset, SignInCompletion completion)
{
    public async Task<CompletedSetup> CompleteAsync(string? token, FirstAdministrator? administrator, NewCredential credential, HttpContext context, CancellationToken cancellationToken)
    {
        var result = await store.CommitAsync((transaction, cancelled) => CommitAsync(transaction, token, administrator, credential, context, cancelled), cancellationToken);
        return result.Completed is { } completed ? new CompletedSetup(await completion.AnswerAsync(context, completed), null) : new CompletedSetup(null, result.Refusal);
    }

    private async Task<(CompletedSignIn? Completed, Refusal? Refusal)> CommitAsync(
        CommandTransaction transaction, string? token, FirstAdministrator? administrator, NewCredential credential, HttpContext context, CancellationToken cancellationToken)
    {
        await AdministratorsLock.TakeAsync(transaction, cancellationToken);
        if (await SetupLinks.FindAsync(transaction.Db, token, transaction.Now, cancellationToken) is not { } open) return (null, AccountRefusals.SetupLinkInvalid);
        var holder = open.Holder;
        if (holder is null)
        {
            var created = await CreateFirstAsync(transaction, administrator, (credential as NewPasskey)?.Account, cancellationToken);
            if (created.Holder is null) return (null, created.Refusal);
            holder = created.Holder;
        }

        if (credential is NewPasskey passkey && passkey.Account != holder.Account.Id) return (null, AccountRefusals.PasskeyRefused);
        open.Link.UsedAt = transaction.Now;
        await reset.RunAsync(transaction, holder.Account, cancellationToken);
        await credential.AddToAsync(holder.Account, identity.Over(transaction.Db));
        transaction.Record(new AuditDraft(holder.ActorFrom(context.Connection.RemoteIpAddress?.ToString()), "account.set-up", holder.Subject, new { credential.Method, link = open.Link.Id }));
        return (await completion.OpenAsync(transaction, holder, credential.Method, context, cancellationToken), null);
    }

    private static async Task<CreatedAccount> CreateFirstAsync(CommandTransaction transaction, FirstAdministrator? administrator, Guid? id, CancellationToken cancellationToken)
    {
        if (administrator?.Organisation is { } name) await NameOrganisationAsync(transaction, name, cancellationToken);
        if (IanaTimeZone.TryFind(administrator?.TimeZone, out var zone)) await OrganisationTimeZone.WriteAsync(transaction, zone, cancellationToken);
        var person = new NewPerson(administrator?.GivenName ?? "", administrator?.FamilyName ?? "", administrator?.Language);
        var created = await AccountCreation.CreateAsync(transaction, new NewAccount(administrator?.SignInName, FirstSetup.FirstRoles, null, person), id, cancellationToken);

        // What follows asks the database about this account.
        if (created.Holder is not null) await transaction.Db.SaveChangesAsync(cancellationToken);
        return created;
    }

    private static async Task NameOrganisationAsync(CommandTransaction transaction, string name, CancellationToken cancellationToken)
    {
        var kept = new string([.. name.Trim().Where(c => !char.IsControl(c)).Take(OrganisationName.MaximumLength)]);
        if (kept.Length > 0) await OrganisationName.WriteAsync(transaction, kept, cancellationToken);
    }
}

/// <summary>Either <paramref name="View"/>, or why not.</summary>
internal sealed record CompletedSetup(SessionView? View, Refusal? Refusal);
