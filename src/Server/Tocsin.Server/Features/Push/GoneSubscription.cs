using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Plans;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Directory;
using Tocsin.Storage.Events;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Features.Push;

/// <summary>A browser has ended its subscription, and it does not come back (RFC 8030 section 7.3): its contact point goes. A new one of the same browser that came meanwhile stays.</summary>
internal static class GoneSubscription
{
    /// <param name="subscription">As the push service was asked with it.</param>
    public static async Task RemoveAsync(CommandTransaction transaction, PersonId person, string subscription, CancellationToken cancellationToken)
    {
        var gone = transaction.Db.Set<StoredContactPoint>().Where(point => point.PersonId == person && point.Kind == ContactPointKind.App && point.ChannelData == subscription);
        foreach (var id in await gone.Select(point => point.Id).ToListAsync(cancellationToken))
        {
            if (await gone.Where(point => point.Id == id).ExecuteDeleteAsync(cancellationToken) == 0) continue;
            transaction.Append("contact-point.changed", new EventVisibility(Roles.Administrator, person), new { person });
            transaction.Record(new AuditDraft(AuditActor.System, "push-subscription.removed", $"contact-point:{id}"));
        }
    }
}
