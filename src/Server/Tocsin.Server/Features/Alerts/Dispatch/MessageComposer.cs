using System.Globalization;
using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Server.Features.Settings;
using Tocsin.Storage.Alerts;

namespace Tocsin.Server.Features.Alerts.Dispatch;

/// <summary>Writes what a channel is handed: the message in the recipient's language, with the recipient's own link.</summary>
internal sealed class MessageComposer(AnswerLinks links, OrganisationName organisation, OrganisationTimeZone zone)
{
    public async ValueTask<OutboundMessage> ComposeAsync(LeasedDelivery delivery, CataloguedMessage message, CancellationToken cancellationToken)
    {
        var key = await links.KeyAsync(cancellationToken);
        var sender = await organisation.GetAsync(cancellationToken);
        var wall = await zone.GetAsync(cancellationToken);
        var text = message.In(delivery.Language);
        var alert = message.Alert;
        return new OutboundMessage(
            new DeliveryId(delivery.Id),
            delivery.Attempt,
            string.Create(CultureInfo.InvariantCulture, $"{alert.Id.Value:N}-{delivery.Id}"),
            alert.Id,
            alert.Number,
            delivery.Address,
            sender,
            delivery.Language,
            message.Purpose,
            alert.Draft.Mode,
            message.Severity,
            text.Title,
            text.Body,
            text.Answers,
            links.Of(key, alert.Id, new RecipientId(delivery.RecipientId), delivery.LinkGeneration),
            wall.WallTimeOf(alert.RaisedAt),
            message.ExpiresAt);
    }
}
