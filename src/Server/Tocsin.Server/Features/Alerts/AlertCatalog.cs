using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Answers;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Content;
using Tocsin.Alerting.Raising;
using Tocsin.Storage;
using Tocsin.Storage.Alerts;

namespace Tocsin.Server.Features.Alerts;

/// <summary>What never changes of alerts and their messages, read once.</summary>
internal sealed class AlertCatalog(IDbContextFactory<TocsinDbContext> contexts)
{
    // An alert in use has a handful of messages; reading one again costs less than a millisecond.
    private const int MostKept = 512;

    private readonly ConcurrentDictionary<AlertId, CataloguedAlert> alerts = [];
    private readonly ConcurrentDictionary<long, CataloguedMessage> messages = [];

    /// <returns>Null where there is no such alert.</returns>
    public async ValueTask<CataloguedAlert?> FindAlertAsync(AlertId id, CancellationToken cancellationToken)
    {
        if (alerts.TryGetValue(id, out var known)) return known;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var alert = await db.Set<Alert>().AsNoTracking().FirstOrDefaultAsync(a => a.Id == id, cancellationToken);
        if (alert is null) return null;
        if (alerts.Count >= MostKept) alerts.Clear();
        return alerts.GetOrAdd(id, CataloguedAlert.From(alert));
    }

    /// <exception cref="InvalidOperationException">There is no such message: deliveries are written with theirs.</exception>
    public async ValueTask<CataloguedMessage> GetMessageAsync(long id, CancellationToken cancellationToken)
    {
        if (messages.TryGetValue(id, out var known)) return known;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var message = await db.Set<AlertMessage>().AsNoTracking().FirstOrDefaultAsync(m => m.Id == id, cancellationToken);
        var alert = message is null ? null : await FindAlertAsync(message.AlertId, cancellationToken);
        if (message is null || alert is null) throw new InvalidOperationException($"Message {id} of a delivery does not exist.");
        if (messages.Count >= MostKept) messages.Clear();
        return messages.GetOrAdd(id, new CataloguedMessage(alert, message));
    }
}

/// <summary>What never changes of an alert.</summary>
internal sealed class CataloguedAlert
{
    private readonly Lazy<ReplyReader> replies;

    private CataloguedAlert(Alert alert, AlertDraft draft)
    {
        Id = alert.Id;
        Number = alert.Number;
        RaisedAt = alert.RaisedAt;
        ExpiresAt = alert.ExpiresAt;
        Draft = draft;
        replies = new Lazy<ReplyReader>(() => new ReplyReader(draft.Answers));
    }

    public AlertId Id { get; }

    public long Number { get; }

    public DateTimeOffset RaisedAt { get; }

    public DateTimeOffset ExpiresAt { get; }

    public AlertDraft Draft { get; }

    public ReplyReader Replies => replies.Value;

    public AnswerChoice? FindAnswer(string key) => Draft.Answers.FirstOrDefault(answer => string.Equals(answer.Key, key, StringComparison.Ordinal));

    public static CataloguedAlert From(Alert alert) => new(alert, JsonSerializer.Deserialize<AlertDraft>(alert.Draft, AlertingJson.Options)!);
}

/// <summary>One message, ready to be written to recipients of either language.</summary>
internal sealed class CataloguedMessage
{
    // Who was told of a danger is told that it is over, even if that comes when the alert's own time is almost up.
    private static readonly TimeSpan EndingLasts = TimeSpan.FromHours(1);

    private readonly LanguageText[] texts;

    public CataloguedMessage(CataloguedAlert alert, AlertMessage message)
    {
        Alert = alert;
        Purpose = message.Purpose;
        Revision = message.Revision;
        Severity = message.Severity;
        ExpiresAt = IsEnding && message.CreatedAt + EndingLasts > alert.ExpiresAt ? message.CreatedAt + EndingLasts : alert.ExpiresAt;
        var text = JsonSerializer.Deserialize<AlertText>(message.Text, AlertingJson.Options)!;
        texts = [.. Enum.GetValues<ContentLanguage>().Select(language => LanguageText.Of(this, text, language))];
    }

    public CataloguedAlert Alert { get; }

    public MessagePurpose Purpose { get; }

    public int Revision { get; }

    public Severity Severity { get; }

    /// <summary>After this it is not worth sending.</summary>
    public DateTimeOffset ExpiresAt { get; }

    /// <summary>Whether it ends the alert: it goes when nothing else of the alert does any more.</summary>
    public bool IsEnding => Purpose is MessagePurpose.AllClear or MessagePurpose.Cancellation;

    public LanguageText In(ContentLanguage language) => texts[(int)language];
}

/// <param name="Answers">What can be answered; nothing once the alert is over.</param>
internal sealed record LanguageText(string Title, string Body, IReadOnlyList<OfferedAnswer> Answers)
{
    public static LanguageText Of(CataloguedMessage message, AlertText text, ContentLanguage language)
    {
        var draft = message.Alert.Draft;
        var body = text.Body.In(language);
        if (draft.Attachment is Alerting.Scenarios.Attachment.Link link)
            body += $"\n{(link.Label is { } label ? label.In(language) + "\u00A0: " : "")}{link.Url.OriginalString}";
        IReadOnlyList<OfferedAnswer> answers = message.IsEnding ? [] : [.. draft.Answers.Select(answer => new OfferedAnswer(answer.Key, answer.Label.In(language)))];
        return new LanguageText(text.Title.In(language), body, answers);
    }
}
