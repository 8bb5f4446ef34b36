using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Content;
using Tocsin.Storage;
using Tocsin.Storage.Alerts;
using Tocsin.Storage.Audit;

namespace Tocsin.Server.Features.Alerts.Raising;

internal static class AlertMessages
{
    /// <summary>A message of the alert's present revision and severity. Its id is known once it is saved.</summary>
    public static AlertMessage New(Alert alert, MessagePurpose purpose, AlertText text, AuditActor by, DateTimeOffset now) =>
        New(alert, purpose, JsonSerializer.Serialize(text, AlertingJson.Options), by, now);

    /// <summary>What the alert says now, said again for another purpose.</summary>
    public static AlertMessage Again(Alert alert, AlertMessage current, MessagePurpose purpose, AuditActor by, DateTimeOffset now) =>
        New(alert, purpose, current.Text, by, now);

    /// <summary>What somebody is told who was not told before: the latest words.</summary>
    public static Task<AlertMessage> CurrentAsync(TocsinDbContext db, AlertId alert, CancellationToken cancellationToken) =>
        db.Set<AlertMessage>().AsNoTracking().Where(m => m.AlertId == alert && m.Purpose == MessagePurpose.Alert).OrderByDescending(m => m.Id).FirstAsync(cancellationToken);

    public static AlertText TextOf(AlertMessage message) => JsonSerializer.Deserialize<AlertText>(message.Text, AlertingJson.Options)!;

    private static AlertMessage New(Alert alert, MessagePurpose purpose, string text, AuditActor by, DateTimeOffset now) => new()
    {
        AlertId = alert.Id,
        Revision = alert.Revision,
        Purpose = purpose,
        Severity = alert.Severity,
        Text = text,
        CreatedBy = by.Id,
        CreatedByName = by.Name,
        CreatedAt = now,
    };
}
