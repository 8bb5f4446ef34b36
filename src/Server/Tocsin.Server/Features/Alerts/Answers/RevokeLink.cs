using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Storage.Alerts;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Commands;

namespace Tocsin.Server.Features.Alerts.Answers;

/// <summary>Makes a recipient's links sent so far worthless, because one got into other hands. The next message carries a new one.</summary>
internal sealed class RevokeLink(CommandStore store)
{
    /// <returns>False where there is no such recipient.</returns>
    public Task<bool> RevokeAsync(RecipientId recipient, AuditActor actor, CancellationToken cancellationToken) =>
        store.CommitAsync(
            async (transaction, token) =>
            {
                var changed = await transaction.Db.Set<Recipient>().Where(r => r.Id == recipient.Value)
                    .ExecuteUpdateAsync(set => set.SetProperty(r => r.LinkGeneration, r => r.LinkGeneration + 1), token);
                if (changed == 1) transaction.Record(new AuditDraft(actor, "answer-link.revoked", $"recipient:{recipient}"));
                return changed == 1;
            },
            cancellationToken);
}
