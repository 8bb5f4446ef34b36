using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Storage;
using Tocsin.Storage.Alerts;

namespace Tocsin.Server.Features.Alerts.Receipts;

/// <summary>What an alert says at this moment, held so until commit.</summary>
internal sealed class AlertNow
{
    private readonly Dictionary<long, MessagePurpose> purposes;

    private AlertNow(bool isActive, Dictionary<long, MessagePurpose> purposes)
    {
        IsActive = isActive;
        this.purposes = purposes;
        CurrentMessage = purposes.Where(message => message.Value == MessagePurpose.Alert).Max(message => message.Key);
    }

    public bool IsActive { get; }

    /// <summary>What somebody is told who was not told before.</summary>
    public long CurrentMessage { get; }

    public static async Task<Dictionary<AlertId, AlertNow>> ReadAsync(TocsinDbContext db, IEnumerable<AlertId> ids, CancellationToken cancellationToken)
    {
        var alerts = new Dictionary<AlertId, AlertNow>();
        foreach (var id in ids.OrderBy(id => id.Value))
        {
            await AlertNumbers.HoldAlertAsync(db, id, cancellationToken);
            var state = await db.Set<Alert>().Where(a => a.Id == id).Select(a => (AlertState?)a.State).FirstOrDefaultAsync(cancellationToken);
            var messages = await db.Set<AlertMessage>().Where(m => m.AlertId == id).Select(m => new { m.Id, m.Purpose }).ToDictionaryAsync(m => m.Id, m => m.Purpose, cancellationToken);
            if (state is not null) alerts.Add(id, new AlertNow(state == AlertState.Active, messages));
        }

        return alerts;
    }

    public bool IsFirstTelling(long message) => purposes.GetValueOrDefault(message) == MessagePurpose.Alert;

    /// <summary>Whether something newer was said since, so that <paramref name="message"/> should not be tried again as it is.</summary>
    public bool Supersedes(long message) => purposes.GetValueOrDefault(message) switch
    {
        MessagePurpose.AllClear or MessagePurpose.Cancellation => false,
        MessagePurpose.Alert => !IsActive || message < CurrentMessage,
        _ => !IsActive || HasNewerUpdate(message),
    };

    private bool HasNewerUpdate(long message) => purposes.Any(other => other.Key > message && other.Value == MessagePurpose.Update);
}
