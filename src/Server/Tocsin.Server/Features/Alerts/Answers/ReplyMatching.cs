using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting.Answers;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Content;
using Tocsin.Server.Features.Alerts.Receipts;
using Tocsin.Storage;
using Tocsin.Storage.Alerts;
using Tocsin.Storage.Commands;

namespace Tocsin.Server.Features.Alerts.Answers;

/// <summary>Whose reply it is, to which alert, and what it says.</summary>
internal static class ReplyMatching
{
    // Somebody who answers "I need help" an hour after the all-clear means that alert.
    private static readonly TimeSpan StillMeant = TimeSpan.FromHours(24);

    /// <returns>Null where the sender was told nothing lately.</returns>
    public static async Task<DeliveryMatch?> FindAsync(TocsinDbContext db, InboundReply reply, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (reply.InReplyTo is { } delivery)
        {
            var named = await db.Set<Delivery>().Where(d => d.Id == delivery.Value && d.Channel == reply.Channel)
                .Select(d => new DeliveryMatch(d.Id, d.RecipientId, d.AlertId)).FirstOrDefaultAsync(cancellationToken);
            if (named is not null) return named;
        }

        return await ReplySenders.FindAsync(db, reply.Channel, reply.From, now - StillMeant, cancellationToken);
    }

    public static News.AnswerCame Read(InboundReply reply, DeliveryMatch match, CataloguedAlert alert, DateTimeOffset now)
    {
        var text = StoredText.Bound(reply.Text, AlertBounds.Comment);
        var choice = alert.Replies.Read(text) is AnswerReading.Chosen chosen ? alert.FindAnswer(chosen.Key) : null;
        var answer = new AnswerRecord
        {
            AlertId = match.AlertId,
            RecipientId = match.RecipientId,
            Choice = choice?.Key,
            Comment = text,
            Via = reply.Channel == ChannelKind.Email ? AnswerVia.Email : AnswerVia.Sms,
            At = AnswerTime.Bound(reply.At, alert.RaisedAt, now),
            DeduplicationKey = StoredText.Bound(reply.DeduplicationKey, AlertBounds.DeduplicationKey),
        };
        return new News.AnswerCame(answer, choice?.Meaning == AnswerMeaning.NeedHelp);
    }

    /// <summary>Keeps a reply that belongs to nobody we know, for people to read.</summary>
    public static async Task KeepStrayAsync(CommandTransaction transaction, InboundReply reply, CancellationToken cancellationToken)
    {
        var key = StoredText.Bound($"{(int)reply.Channel}:{reply.DeduplicationKey}", AlertBounds.DeduplicationKey);
        if (await transaction.Db.Set<StrayReply>().AnyAsync(r => r.DeduplicationKey == key, cancellationToken)) return;
        var stray = new StrayReply
        {
            Channel = reply.Channel,
            Sender = StoredText.Bound(reply.From, AlertBounds.ReplySender),
            Text = StoredText.Bound(reply.Text, AlertBounds.Comment),
            At = reply.At,
            ReceivedAt = transaction.Now,
            DeduplicationKey = key,
        };
        transaction.Db.Add(stray);
        await transaction.Db.SaveChangesAsync(cancellationToken);
        transaction.Append(AlertEvents.ReplyStrayed, AlertEvents.Board, new ReplyStrayed(stray.Id, stray.Channel, stray.At));
    }
}
