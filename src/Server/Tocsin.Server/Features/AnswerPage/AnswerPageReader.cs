using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Content;
using Tocsin.Server.Features.Alerts;
using Tocsin.Server.Features.Settings;
using Tocsin.Storage;
using Tocsin.Storage.Alerts;
using Tocsin.Storage.Meetings;

namespace Tocsin.Server.Features.AnswerPage;

/// <summary>Puts together what one recipient's page shows: the alert's latest words and the answer that counts.</summary>
internal sealed class AnswerPageReader(IDbContextFactory<TocsinDbContext> contexts, AlertCatalog catalog, OrganisationName organisation, OrganisationTimeZone zone)
{
    public async Task<AnswerPageView> ReadAsync(Recipient recipient, ContentLanguage language, PageNotice notice, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var alert = await db.Set<Alert>().AsNoTracking().FirstAsync(a => a.Id == recipient.AlertId, cancellationToken);
        var latest = await db.Set<AlertMessage>().AsNoTracking().Where(m => m.AlertId == recipient.AlertId && m.Purpose != MessagePurpose.Reminder)
            .OrderByDescending(m => m.Id).FirstAsync(cancellationToken);
        var now = await db.Set<Recipient>().AsNoTracking().FirstAsync(r => r.Id == recipient.Id, cancellationToken);
        var words = (await catalog.GetMessageAsync(latest.Id, cancellationToken)).In(language);
        var known = await catalog.FindAlertAsync(alert.Id, cancellationToken);
        var choice = now.AnswerChoice is { } key ? known!.FindAnswer(key) : null;
        var meeting = await db.Set<Meeting>().Where(m => m.AlertId == alert.Id && m.EndedAt == null && db.Users.Any(account => account.PersonId == now.PersonId))
            .Select(m => (MeetingId?)m.Id).FirstOrDefaultAsync(cancellationToken);
        var wall = await zone.GetAsync(cancellationToken);
        return new AnswerPageView(
            language,
            await organisation.GetAsync(cancellationToken),
            alert.Number,
            alert.Mode,
            alert.Severity,
            alert.State,
            latest.Purpose,
            words.Title,
            words.Body,
            wall.WallTimeOf(alert.RaisedAt),
            wall.WallTimeOf(latest.CreatedAt),
            alert.State == AlertState.Active ? words.Answers : [],
            choice is null ? null : new AnsweredView(choice.Label.In(language), wall.WallTimeOf(now.AnsweredAt ?? alert.RaisedAt), choice.Meaning == AnswerMeaning.NeedHelp),
            meeting,
            notice,
            Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12)));
    }

    public async Task<int> CountAnswersAsync(Recipient recipient, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Set<AnswerRecord>().CountAsync(a => a.RecipientId == recipient.Id, cancellationToken);
    }
}
