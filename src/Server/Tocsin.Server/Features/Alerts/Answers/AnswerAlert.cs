using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Answers;
using Tocsin.Alerting.Content;
using Tocsin.Server.Features.Alerts.Dispatch;
using Tocsin.Server.Features.Alerts.Receipts;
using Tocsin.Server.Features.Retention;
using Tocsin.Storage;
using Tocsin.Storage.Alerts;
using Tocsin.Storage.Audit;

namespace Tocsin.Server.Features.Alerts.Answers;

/// <summary>Takes answers, from whichever way they come. Completes once the answer is durable.</summary>
internal sealed class AnswerAlert(NewsJournal journal, AlertCatalog catalog, AnswerLinks links, IDbContextFactory<TocsinDbContext> contexts, RetentionOptions retention, TimeProvider time)
{
    /// <summary>Whose link it is.</summary>
    /// <returns>Null where the token is not one of ours, or was revoked, or the alert ended longer ago than links are kept.</returns>
    public async Task<LinkHolder?> FindLinkHolderAsync(string token, CancellationToken cancellationToken)
    {
        if (!AnswerToken.TryParse(token, out var parsed)) return null;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var recipient = await db.Set<Recipient>().AsNoTracking().FirstOrDefaultAsync(r => r.Id == parsed.Recipient.Value, cancellationToken);
        if (recipient is null) return null;
        var key = await links.KeyAsync(cancellationToken);
        if (!parsed.IsFor(key, recipient.AlertId, recipient.LinkGeneration)) return null;
        var longAgo = time.GetUtcNow() - TimeSpan.FromDays(retention.AnswerLinkDays);
        return await db.Set<Alert>().AnyAsync(alert => alert.Id == recipient.AlertId && alert.EndedAt < longAgo, cancellationToken) ? null : new LinkHolder(recipient);
    }

    /// <summary>The recipient that <paramref name="person"/> is in an alert, or null.</summary>
    public async Task<LinkHolder?> FindRecipientAsync(AlertId alert, PersonId person, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var recipient = await db.Set<Recipient>().AsNoTracking().FirstOrDefaultAsync(r => r.PersonId == person && r.AlertId == alert, cancellationToken);
        return recipient is null ? null : new LinkHolder(recipient);
    }

    public async Task<AnswerResult> AnswerAsync(RecipientAnswer answer, CancellationToken cancellationToken)
    {
        var alert = await catalog.FindAlertAsync(answer.Alert, cancellationToken);
        if (alert is null) return AnswerResult.NotFound;
        var choice = answer.Choice is { } key ? alert.FindAnswer(key) : null;
        if (answer.Choice is not null && choice is null) return AnswerResult.UnknownChoice;
        if (choice is null && string.IsNullOrWhiteSpace(answer.Comment)) return AnswerResult.Empty;
        if (!answer.IsWithinBounds) return AnswerResult.OutOfBounds;
        var record = new AnswerRecord
        {
            AlertId = answer.Alert,
            RecipientId = answer.Recipient.Value,
            Choice = choice?.Key,
            Comment = string.IsNullOrWhiteSpace(answer.Comment) ? null : StoredText.Bound(answer.Comment.Trim(), AlertBounds.Comment),
            Latitude = answer.Position?.Latitude,
            Longitude = answer.Position?.Longitude,
            AccuracyMetres = answer.Position?.AccuracyMetres,
            Via = answer.Via,
            EnteredBy = answer.EnteredBy?.Id,
            At = AnswerTime.Bound(answer.At, alert.RaisedAt, time.GetUtcNow()),
            DeduplicationKey = StoredText.Bound(answer.ClientId, AlertBounds.DeduplicationKey),
        };
        await journal.CommitAsync(new News.AnswerCame(record, choice?.Meaning == AnswerMeaning.NeedHelp, answer.EnteredBy), cancellationToken);
        return AnswerResult.Taken;
    }

    /// <summary>Somebody of the crisis team has read what a recipient wrote.</summary>
    public Task MarkReplyReadAsync(RecipientId recipient, CancellationToken cancellationToken) =>
        journal.CommitAsync(new News.ReplyRead(recipient.Value), cancellationToken);
}

/// <summary>An answer as it is given.</summary>
/// <param name="Choice">Key of one of the alert's answers, or null where there is only a comment.</param>
/// <param name="EnteredBy">The actor who entered it for the person; null where the person did.</param>
/// <param name="ClientId">Made up by whoever sends it, the same when it is sent again. At most 128 characters.</param>
/// <param name="At">When it was given by the sender's clock; bounded by the alert's raising and now.</param>
internal sealed record RecipientAnswer(
    AlertId Alert, RecipientId Recipient, string? Choice, string? Comment, AnswerPosition? Position, AnswerVia Via, AuditActor? EnteredBy, string ClientId, DateTimeOffset At)
{
    public bool IsWithinBounds =>
        ClientId.Length is > 0 and <= AlertBounds.DeduplicationKey && Comment is null or { Length: <= AlertBounds.Comment } && Position is null or { IsOnEarth: true };
}

/// <param name="Latitude">Degrees north, WGS 84.</param>
/// <param name="Longitude">Degrees east.</param>
internal sealed record AnswerPosition(double Latitude, double Longitude, double? AccuracyMetres)
{
    public bool IsOnEarth => Latitude is >= -90 and <= 90 && Longitude is >= -180 and <= 180 && AccuracyMetres is null or (>= 0 and < 1e8);
}

internal enum AnswerResult
{
    Taken,
    NotFound,
    UnknownChoice,

    /// <summary>Neither a choice nor a word.</summary>
    Empty,

    OutOfBounds,
}

/// <summary>A recipient who came by their own link, or is signed in.</summary>
internal sealed record LinkHolder(Recipient Recipient)
{
    public RecipientId Id => new(Recipient.Id);

    public AlertId Alert => Recipient.AlertId;
}
