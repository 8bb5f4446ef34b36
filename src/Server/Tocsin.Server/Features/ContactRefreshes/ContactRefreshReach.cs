using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Server.Features.Alerts.Dispatch;
using Tocsin.Server.Features.Directory;
using Tocsin.Storage;
using Tocsin.Storage.ContactRefreshes;
using Tocsin.Storage.Directory;

namespace Tocsin.Server.Features.ContactRefreshes;

/// <summary>Whom a campaign asks, and by which one channel each is told: mail where there is an address and mail is set up, else SMS.</summary>
internal static class ContactRefreshReach
{
    private const int MostNames = 20;

    public static Task<PersonId[]> ResolveAsync(TocsinDbContext db, ContactRefreshAudience audience, DateTimeOffset now, CancellationToken cancellationToken) =>
        RefreshAudienceQuery.ResolveAsync(db, audience.Kind, audience.Id, Verifications.Since(now, audience.Months ?? Verifications.UsualMonths), cancellationToken);

    public static bool IsSetUp(AlertChannels channels, ChannelKind channel) => channels[channel].Health.State != ChannelHealthState.NotConfigured;

    public static async Task<ContactRefreshPreview> PreviewAsync(
        TocsinDbContext db, ContactRefreshAudience audience, AlertChannels channels, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var people = await ResolveAsync(db, audience, now, cancellationToken);
        var withMail = IsSetUp(channels, ChannelKind.Email) ? await RefreshAudienceQuery.WithPointAsync(db, "email", cancellationToken) : new HashSet<PersonId>();
        var withMobile = IsSetUp(channels, ChannelKind.Sms) ? await RefreshAudienceQuery.WithPointAsync(db, "mobile", cancellationToken) : new HashSet<PersonId>();
        var (byMail, bySms) = (0, 0);
        var untold = new List<PersonId>();
        foreach (var person in people)
        {
            if (withMail.Contains(person)) byMail++;
            else if (withMobile.Contains(person)) bySms++;
            else untold.Add(person);
        }

        var some = untold.Take(MostNames).ToList();
        var names = await db.Set<Person>().AsNoTracking().Where(p => some.Contains(p.Id)).OrderBy(p => p.SortKey)
            .Select(p => new ContactRefreshName(p.Id, p.DisplayName)).ToListAsync(cancellationToken);
        return new ContactRefreshPreview(people.Length, byMail, bySms, untold.Count, names);
    }
}
