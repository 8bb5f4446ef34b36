using Tocsin.Storage.Audit;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Features.Accounts.SignIn;

/// <summary>Records attempts that failed on an account that exists. The throttle bounds how many there can be.</summary>
internal sealed class RefusedSignIns(CommandStore store)
{
    public Task RecordAsync(AccountHolder holder, SignInMethod method, string reason, HttpContext context, CancellationToken cancellationToken) =>
        store.CommitAsync(
            (transaction, _) =>
            {
                var nobody = new AuditActor("nobody", "", context.Connection.RemoteIpAddress?.ToString());
                transaction.Record(new AuditDraft(nobody, "sign-in.refused", holder.Subject, new { method, reason }));
                return Task.CompletedTask;
            },
            cancellationToken);
}
