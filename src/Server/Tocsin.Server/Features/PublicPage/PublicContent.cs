using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Content;
using Tocsin.Alerting.Time;
using Tocsin.Server.Features.Alerts.Raising;
using Tocsin.Server.Features.Settings;
using Tocsin.Storage;
using Tocsin.Storage.Alerts;
using Tocsin.Storage.Bulletins;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Features.PublicPage;

/// <summary>Everything that the public is shown, and nothing else: what is not in here cannot come onto the page.</summary>
internal sealed record PublicContent(
    string Organisation, ContentLanguage Language, IanaTimeZone Zone, PublicPageSettings Settings, IReadOnlyList<PublicBulletin> Bulletins, IReadOnlyList<ShownAlert> Alerts, DateTimeOffset ChangedAt)
{
    /// <summary>Alerts and bulletins, each: older ones are history, and have had their readers.</summary>
    private const int Most = 50;

    public static async Task<PublicContent> ReadAsync(TocsinDbContext db, TimeProvider time, CancellationToken cancellationToken)
    {
        var settings = await PublicPageSettings.ReadAsync(db, cancellationToken);
        var name = await OrganisationName.ReadAsync(db, cancellationToken);
        return new PublicContent(
            string.IsNullOrWhiteSpace(name) ? "Tocsin" : name,
            await DefaultLanguage.ReadAsync(db, cancellationToken),
            await OrganisationTimeZone.ReadAsync(db, time, cancellationToken),
            settings,
            await BulletinsAsync(db, settings, cancellationToken),
            await AlertsAsync(db, settings, cancellationToken),
            await ChangedAtAsync(db, cancellationToken));
    }

    /// <summary>When the page's own words last changed, or something was taken off it.</summary>
    private static async Task<DateTimeOffset> ChangedAtAsync(TocsinDbContext db, CancellationToken cancellationToken)
    {
        var settings = await db.Set<SettingRecord>().Where(s => s.Key == PublicPageSettings.SettingKey).MaxAsync(s => (DateTimeOffset?)s.ChangedAt, cancellationToken);
        var ended = await db.Set<Bulletin>().MaxAsync(b => b.EndedAt, cancellationToken);
        return new[] { settings, ended }.Max() ?? DateTimeOffset.UnixEpoch;
    }

    /// <summary>Current bulletins whose published version is for the public.</summary>
    private static async Task<List<PublicBulletin>> BulletinsAsync(TocsinDbContext db, PublicPageSettings settings, CancellationToken cancellationToken)
    {
        var found = await db.Set<Bulletin>().AsNoTracking()
            .Where(b => b.PublishedVersion != null && b.EndedAt == null && (settings.ShowExercises || b.Mode == AlertMode.Real))
            .Join(
                db.Set<BulletinVersion>().AsNoTracking().Where(v => v.ToPublic),
                b => new { b.Id, Version = b.PublishedVersion!.Value },
                v => new { Id = v.BulletinId, v.Version },
                (b, v) => new { Bulletin = b, Version = v })
            .OrderByDescending(row => row.Bulletin.PublishedAt).Take(Most).ToListAsync(cancellationToken);
        var ids = found.Select(row => row.Bulletin.Id).ToList();
        var published = (await db.Set<BulletinVersion>().AsNoTracking().Where(v => ids.Contains(v.BulletinId) && v.PublishedAt != null && v.ToPublic)
            .OrderBy(v => v.Version).Select(v => new { v.BulletinId, v.Version, v.PublishedAt, v.Reason }).ToListAsync(cancellationToken)).ToLookup(v => v.BulletinId);
        return [.. found.Select(row => new PublicBulletin(
            row.Bulletin.Id,
            row.Bulletin.Number,
            row.Bulletin.Mode,
            row.Version.Title,
            row.Version.Body,
            published[row.Bulletin.Id].First().PublishedAt!.Value,
            row.Version.PublishedAt!.Value,
            row.Version.Reason))];
    }

    private static async Task<List<ShownAlert>> AlertsAsync(TocsinDbContext db, PublicPageSettings settings, CancellationToken cancellationToken)
    {
        var found = await db.Set<PublicAlert>().AsNoTracking()
            .Join(db.Set<Alert>().AsNoTracking(), p => p.AlertId, a => a.Id, (p, a) => new { Public = p, Alert = a })
            .Where(row => settings.ShowExercises || row.Alert.Mode == AlertMode.Real)
            .OrderByDescending(row => row.Alert.Number).Take(Most).ToListAsync(cancellationToken);
        var ids = found.Select(row => row.Alert.Id).ToList();
        var messages = (await db.Set<AlertMessage>().AsNoTracking().Where(m => ids.Contains(m.AlertId) && m.Purpose != MessagePurpose.Reminder)
            .OrderBy(m => m.Id).ToListAsync(cancellationToken)).ToLookup(m => m.AlertId);
        return [.. found.Select(row => new ShownAlert(row.Alert, row.Public, Said(messages[row.Alert.Id])))];
    }

    /// <summary>One message a revision. An update is written twice, for those told before and for those told first: the same words.</summary>
    private static List<SaidToPublic> Said(IEnumerable<AlertMessage> messages) =>
        [.. messages.GroupBy(m => m.Revision).OrderBy(revision => revision.Key).Select(revision =>
        {
            var message = revision.FirstOrDefault(m => m.Purpose != MessagePurpose.Alert) ?? revision.First();
            return new SaidToPublic(message.Revision, message.Purpose, message.Severity, AlertMessages.TextOf(message), message.CreatedAt);
        })];
}

/// <param name="FirstPublishedAt">Before <paramref name="PublishedAt"/> where it was corrected since.</param>
/// <param name="Reason">What the last correction corrected.</param>
internal sealed record PublicBulletin(
    BulletinId Id, long Number, AlertMode Mode, LocalizedText Title, LocalizedText Body, DateTimeOffset FirstPublishedAt, DateTimeOffset PublishedAt, string? Reason);

/// <param name="Said">In order; never empty.</param>
internal sealed record ShownAlert(Alert Alert, PublicAlert Public, IReadOnlyList<SaidToPublic> Said)
{
    public SaidToPublic Latest => Said[^1];

    public bool IsActive => Alert.State == AlertState.Active;

    public string FileOf(SaidToPublic said) => FormattableString.Invariant($"cap/{Alert.Number}-{said.Revision}.xml");
}

internal sealed record SaidToPublic(int Revision, MessagePurpose Purpose, Severity Severity, AlertText Text, DateTimeOffset At);
