using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Server.Access;
using Tocsin.Server.Features.Alerts.Board;
using Tocsin.Server.Features.Alerts.Raising;
using Tocsin.Server.Features.AlertsApi.Acting;
using Tocsin.Server.Features.AlertsApi.Audiences;
using Tocsin.Storage;
using Tocsin.Storage.Alerts;
using Tocsin.Storage.Bulletins;

namespace Tocsin.Server.Features.AlertsApi.Board;

/// <summary>Alerts as they go over the wire.</summary>
internal sealed class AlertReading(AlertBoard alerts, IDbContextFactory<TocsinDbContext> contexts)
{
    /// <returns>Null where there is no such alert.</returns>
    public async Task<AlertSummary?> FindAsync(AlertId id, CancellationToken cancellationToken) =>
        await alerts.FindAsync(id, cancellationToken) is { } details ? Summarise(details.Summary) : null;

    public static AlertSummary Summarise(Alerts.Board.AlertSummary known)
    {
        var alert = known.Alert;
        var needHelp = known.Totals.Standing.GetValueOrDefault(Standing.NeedsHelp);
        return new AlertSummary(
            alert.Id, alert.Number, alert.State, alert.Mode, alert.Severity, known.Text.Title, alert.RaisedAt, alert.RaisedByName, alert.EndedAt,
            alert.AudienceCount, known.Totals.Standing.GetValueOrDefault(Standing.Answered) + needHelp, needHelp);
    }

    public async Task<AlertDetail> DetailAsync(AlertDetails known, Actor reader, CancellationToken cancellationToken)
    {
        var alert = known.Summary.Alert;
        var summary = Summarise(known.Summary);
        var words = AlertMessages.TextOf(known.Messages.Last(message => message.Purpose == MessagePurpose.Alert));
        var draft = known.Draft;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var names = await AudienceNames.ReadAsync(db, [draft.Audience], cancellationToken);
        ChannelKind[] channels = [.. draft.Plan.Steps.SelectMany(step => step.Channels).Distinct().Order()];
        return new AlertDetail(
            alert.Id, alert.Number, alert.State, alert.Mode, alert.Severity, words.Title, words.Body, alert.RaisedAt, alert.RaisedByName, alert.EndedAt,
            alert.ExpiresAt, summary.Recipients, summary.Answered, summary.NeedHelp, draft.Answers, channels,
            names.Sentence(draft.Audience, alert.AudienceCount), alert.Revision, alert.ScenarioId, draft.Attachment, FollowUpEndpoints.MayEnd(alert, reader),
            await db.Set<PublicAlert>().AnyAsync(shown => shown.AlertId == alert.Id, cancellationToken));
    }
}
