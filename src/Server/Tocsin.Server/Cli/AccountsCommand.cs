using System.CommandLine;
using Tocsin.Server.Features.Accounts;
using Tocsin.Server.Features.Accounts.Setup;
using Tocsin.Server.Hosting;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Schema;

namespace Tocsin.Server.Cli;

/// <summary><c>tocsin accounts</c>: the way back in for whoever runs the machine, when every administrator lost their keys.</summary>
internal static class AccountsCommand
{
    public static Command Create() => new("accounts", "Accounts of people who sign in") { CreateSetupLink() };

    private static Command CreateSetupLink()
    {
        var name = new Argument<string>("sign-in-name") { Description = "Whose link it is" };
        var command = new Command("setup-link", "Issue a link with which a person gives their account new ways to sign in; used, it ends every earlier one") { name };
        command.SetAction((parsed, cancellationToken) => OfflineStore.RunAsync(parsed, async (services, options) =>
        {
            await services.GetRequiredService<SchemaMigrator>().ApplyAsync(cancellationToken);
            var link = await IssueAsync(services.GetRequiredService<CommandStore>(), options, parsed.GetValue(name)!, cancellationToken);
            if (link is null) return ExitCodes.Refuse(ExitCodes.Failed, "There is no enabled account of that name.");
            CommandOutput.Write(parsed, new { address = link.Address, expiresAt = link.ExpiresAt }, answer => [answer.address.ToString()]);
            return ExitCodes.Success;
        }));
        return command;
    }

    /// <returns>Null where there is no such account.</returns>
    internal static Task<IssuedSetupLink?> IssueAsync(CommandStore store, TocsinOptions options, string signInName, CancellationToken cancellationToken) =>
        store.CommitAsync(
            async (transaction, token) =>
            {
                if (!SignInName.TryRead(signInName, out var name) || await AccountHolder.FindByNameAsync(transaction.Db, name, token) is not { Account.DisabledAt: null } holder) return null;
                var link = await new SetupLinks(ServerAddress.Configured(options)).IssueAsync(transaction, holder.Account.Id, AuditActor.System.Id, token);
                transaction.Record(new AuditDraft(AuditActor.System, "invitation.issued", holder.Subject, new { link = link.Id, by = "command-line" }));
                return link;
            },
            cancellationToken);
}
