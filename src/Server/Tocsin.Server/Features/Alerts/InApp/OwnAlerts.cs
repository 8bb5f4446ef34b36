using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Storage;
using Tocsin.Storage.Alerts;

namespace Tocsin.Server.Features.Alerts.InApp;

/// <summary>A person's own alerts, as the application shows them.</summary>
internal sealed class OwnAlerts(IDbContextFactory<TocsinDbContext> contexts, AlertCatalog catalog, IChannelInbox inbox, TimeProvider time)
{
    public const int LargestPage = 100;

    /// <summary>The latest first.</summary>
    /// <param name="before">Only recipients with a lower id; null: from the latest on.</param>
    public async Task<IReadOnlyList<OwnAlert>> ListAsync(PersonId person, long? before, int limit, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await db.Set<Recipient>().AsNoTracking().Where(r => r.PersonId == person && (before == null || r.Id < before))
            .OrderByDescending(r => r.Id).Take(Math.Clamp(limit, 1, LargestPage))
            .Join(db.Set<Alert>(), r => r.AlertId, a => a.Id, (recipient, alert) => new { recipient, alert }).ToListAsync(cancellationToken);
        var own = new List<OwnAlert>(rows.Count);
        foreach (var row in rows.OrderByDescending(row => row.recipient.Id)) own.Add(await ReadAsync(db, row.alert, row.recipient, cancellationToken));
        return own;
    }

    /// <returns>Null where the person is no recipient of it.</returns>
    public async Task<OwnAlert?> FindAsync(AlertId alert, PersonId person, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var recipient = await db.Set<Recipient>().AsNoTracking().FirstOrDefaultAsync(r => r.PersonId == person && r.AlertId == alert, cancellationToken);
        return recipient is null ? null : await FindAsync(db, recipient, cancellationToken);
    }

    /// <summary>The alert of a recipient who came by the personal link.</summary>
    public async Task<OwnAlert?> FindAsync(RecipientId id, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var recipient = await db.Set<Recipient>().AsNoTracking().FirstOrDefaultAsync(r => r.Id == id.Value, cancellationToken);
        return recipient is null ? null : await FindAsync(db, recipient, cancellationToken);
    }

    /// <summary>The person's pages have a message, or the person has seen it. Completes once that is durable.</summary>
    /// <returns>False where the delivery is not an in-app one of this person.</returns>
    public async Task<bool> MarkSeenAsync(PersonId person, DeliveryId delivery, bool hasRead, CancellationToken cancellationToken)
    {
        await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
        {
            var isOwn = await db.Set<Delivery>().AnyAsync(
                d => d.Id == delivery.Value && d.Channel == ChannelKind.InApp && db.Set<Recipient>().Any(r => r.Id == d.RecipientId && r.PersonId == person), cancellationToken);
            if (!isOwn) return false;
        }

        var state = hasRead ? ReceiptState.Read : ReceiptState.Delivered;
        await inbox.TakeReceiptAsync(new DeliveryReceipt(ChannelKind.InApp, "in-app", null, delivery, state, null, time.GetUtcNow()), cancellationToken);
        return true;
    }

    private async Task<OwnAlert> FindAsync(TocsinDbContext db, Recipient recipient, CancellationToken cancellationToken)
    {
        var alert = await db.Set<Alert>().AsNoTracking().SingleAsync(a => a.Id == recipient.AlertId, cancellationToken);
        return await ReadAsync(db, alert, recipient, cancellationToken);
    }

    private async Task<OwnAlert> ReadAsync(TocsinDbContext db, Alert alert, Recipient recipient, CancellationToken cancellationToken)
    {
        var latest = await db.Set<AlertMessage>().Where(m => m.AlertId == alert.Id && m.Purpose != MessagePurpose.Reminder).MaxAsync(m => m.Id, cancellationToken);
        var message = await catalog.GetMessageAsync(latest, cancellationToken);
        return new OwnAlert(alert, recipient, message.Purpose, message.In(recipient.Language), message.Alert.Draft.Attachment);
    }
}

/// <summary>An alert as one of its recipients has it.</summary>
/// <param name="Purpose">What the latest words are.</param>
/// <param name="Text">The latest words, in the recipient's language.</param>
internal sealed record OwnAlert(Alert Alert, Recipient Recipient, MessagePurpose Purpose, LanguageText Text, Alerting.Scenarios.Attachment? Attachment);
