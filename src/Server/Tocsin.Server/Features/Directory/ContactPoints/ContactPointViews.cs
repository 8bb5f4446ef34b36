using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Phones;
using Tocsin.Alerting.Plans;
using Tocsin.Storage;
using Tocsin.Storage.Directory;

namespace Tocsin.Server.Features.Directory.ContactPoints;

/// <summary>A contact point, for those who may see it.</summary>
/// <param name="Address">Null for an app: its address is a secret between it and its push service.</param>
/// <param name="Display">As people read it.</param>
internal sealed record ContactPointView(
    ContactPointId Id,
    ContactPointKind Kind,
    string? Address,
    string Display,
    string? Label,
    QuietHours? QuietHours,
    DateTimeOffset? VerifiedAt,
    bool Enabled,
    DirectorySource Source,
    DateTimeOffset ChangedAt);

/// <summary>A person's wishes about channels.</summary>
internal sealed record ChannelPreferencesView(IReadOnlyList<ChannelKind> Order, IReadOnlyList<ChannelKind> Declined)
{
    public static async Task<ChannelPreferencesView> OfAsync(TocsinDbContext db, PersonId person, CancellationToken cancellationToken)
    {
        var stored = await db.Set<PersonPreferences>().Where(p => p.PersonId == person).Select(p => p.Channels).FirstOrDefaultAsync(cancellationToken);
        var preferences = stored is null ? ChannelPreferences.None : JsonSerializer.Deserialize<ChannelPreferences>(stored, AlertingJson.Options)!;
        return new ChannelPreferencesView(preferences.Order, preferences.Declined);
    }
}

internal static class ContactPointViews
{
    /// <summary>In the person's own order.</summary>
    public static async Task<IReadOnlyList<ContactPointView>> OfAsync(TocsinDbContext db, PersonId person, CancellationToken cancellationToken)
    {
        var points = await db.Set<StoredContactPoint>().AsNoTracking().Where(point => point.PersonId == person).OrderBy(point => point.Rank).ThenBy(point => point.CreatedAt).ToListAsync(cancellationToken);
        return [.. points.Select(View)];
    }

    public static ContactPointView View(StoredContactPoint point) => new(
        point.Id, point.Kind, point.Kind == ContactPointKind.App ? null : point.Address, Display(point), point.Label, point.QuietHours, point.VerifiedAt, point.Enabled, point.Source, point.ChangedAt);

    private static string Display(StoredContactPoint point) => point.Kind switch
    {
        ContactPointKind.Mobile or ContactPointKind.Landline when PhoneNumber.TryParseE164(point.Address, out var number) => number.ToDisplay(),
        ContactPointKind.App => point.Label ?? "",
        _ => point.Address,
    };
}
