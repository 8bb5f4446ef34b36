using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Content;
using Tocsin.Alerting.Time;
using Tocsin.Server.Features.Alerts.Dispatch;
using Tocsin.Server.Features.Notices;
using Tocsin.Server.Features.Push;
using Tocsin.Server.Features.Settings;
using Tocsin.Storage;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Notices;

namespace Tocsin.Server.Features.ContactRefreshes.Sending;

/// <summary>Tells owners what links changed, as every <see cref="NoticeSender{TDelivery}"/> sends.</summary>
internal sealed class ContactChangeSender(
    ContactChangeNotices notices,
    CommandStore store,
    IDbContextFactory<TocsinDbContext> contexts,
    AlertChannels channels,
    OrganisationName organisation,
    OrganisationTimeZone zone,
    TimeProvider time,
    ILogger<ContactChangeSender> logger) : NoticeSender<ContactChangeNotice>(notices.Written, store, contexts, channels, time, logger)
{
    /// <summary>Apart from the numbers of test messages, bulletins, campaigns and codes.</summary>
    private const long FirstNumber = -(1L << 43);

    protected override Task<bool> PrepareSomeAsync(CancellationToken cancellationToken) => Task.FromResult(false);

    protected override async Task<Func<ContactChangeNotice, OutboundMessage>> WriteMessagesAsync(List<ContactChangeNotice> taken, CancellationToken cancellationToken)
    {
        var sender = await organisation.GetAsync(cancellationToken);
        var wall = await zone.GetAsync(cancellationToken);
        return notice => Write(notice, sender, wall);
    }

    protected override async Task GiveUpAsync(CommandTransaction transaction, ContactChangeNotice delivery, CancellationToken cancellationToken)
    {
        var failure = await transaction.Db.Set<ContactChangeNotice>().Where(n => n.Id == delivery.Id).Select(n => n.FailureCode).FirstAsync(cancellationToken);
        if (failure == FailureCodes.SubscriptionGone) await GoneSubscription.RemoveAsync(transaction, delivery.PersonId, delivery.Address, cancellationToken);
    }

    private static OutboundMessage Write(ContactChangeNotice notice, string organisation, IanaTimeZone zone) => new(
        new DeliveryId(FirstNumber - notice.Id),
        notice.Attempt,
        string.Create(CultureInfo.InvariantCulture, $"contact-change-{notice.Id}-{notice.ChangedAt.ToUnixTimeMilliseconds()}"),
        default,
        0,
        notice.Address,
        organisation,
        notice.Language,
        MessagePurpose.ContactChange,
        AlertMode.Real,
        Severity.Info,
        notice.Language == ContentLanguage.En ? "Your contact details changed" : "Vos coordonnées ont changé",
        ContactRefreshWords.Changed(notice, zone),
        [],
        null,
        zone.WallTimeOf(notice.ChangedAt),
        notice.ExpiresAt);
}
