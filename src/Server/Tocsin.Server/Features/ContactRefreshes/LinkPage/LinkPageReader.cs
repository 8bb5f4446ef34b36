using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Content;
using Tocsin.Alerting.Plans;
using Tocsin.Server.Features.Directory;
using Tocsin.Server.Features.Settings;
using Tocsin.Storage;
using Tocsin.Storage.ContactRefreshes;
using Tocsin.Storage.Directory;

namespace Tocsin.Server.Features.ContactRefreshes.LinkPage;

/// <summary>What the page behind a personal link shows: nobody's whole number or address, since whoever holds the link need not be whom it was sent to.</summary>
/// <param name="Until">As people read it.</param>
/// <param name="Pending">What was given and waits for its code, hidden like the rest; null where nothing does.</param>
internal sealed record LinkPageView(
    string Organisation, string Name, string Until, IReadOnlyList<ShownPoint> Points, string? Pending, RefreshStanding Standing, LinkNotice Notice, ContentLanguage Language);

/// <param name="Hidden">All but the end of a number, all but the beginning and the host of a mail address.</param>
/// <param name="IsLinks">Whether the link was sent there.</param>
internal sealed record ShownPoint(ContactPointId Id, ContactPointKind Kind, string Hidden, string? Label, bool IsLinks);

internal sealed class LinkPageReader(IDbContextFactory<TocsinDbContext> contexts, OrganisationName organisation, OrganisationTimeZone zone)
{
    /// <param name="language">Null: the person's.</param>
    public async Task<LinkPageView> ReadAsync(LinkHolder holder, ContentLanguage? language, LinkNotice notice, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var spoken = language ?? holder.Person.Language ?? await DefaultLanguage.ReadAsync(db, cancellationToken);
        var points = await db.Set<StoredContactPoint>().AsNoTracking().Where(c => c.PersonId == holder.Person.Id && c.Kind != ContactPointKind.App).OrderBy(c => c.Rank).ToListAsync(cancellationToken);
        var pending = points.Find(c => c.Id == holder.Row.PendingPointId && c.VerifiedAt == null);
        return new LinkPageView(
            await organisation.GetAsync(cancellationToken),
            holder.Person.DisplayName,
            ContactRefreshWords.Moment(holder.Refresh.Until, await zone.GetAsync(cancellationToken), spoken),
            [.. points.Where(c => c.Enabled).Select(c => new ShownPoint(c.Id, c.Kind, MaskedAddress.Of(c.Kind, c.Address), c.Label, c.Id == holder.Row.ContactPointId))],
            pending is null ? null : MaskedAddress.Of(pending.Kind, pending.Address),
            holder.Row.Standing,
            notice,
            spoken);
    }
}
