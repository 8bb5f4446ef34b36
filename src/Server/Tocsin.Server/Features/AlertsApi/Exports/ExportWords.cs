using System.Globalization;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Content;
using Tocsin.Alerting.Deliveries;
using Tocsin.Alerting.Plans;
using Tocsin.Alerting.Time;
using Tocsin.Storage.Alerts;

namespace Tocsin.Server.Features.AlertsApi.Exports;

/// <summary>The words of exported files, in one language. They are those of the interface.</summary>
internal sealed class ExportWords
{
    public static readonly ExportWords French = new(isFrench: true);
    public static readonly ExportWords English = new(isFrench: false);

    private readonly bool isFrench;

    private ExportWords(bool isFrench) => this.isFrench = isFrench;

    public ContentLanguage Language => isFrench ? ContentLanguage.Fr : ContentLanguage.En;

    /// <summary>French spreadsheets part columns by a semicolon, because their decimals have a comma.</summary>
    public char CsvSeparator => isFrench ? ';' : ',';

    public string FileWord => isFrench ? "alerte" : "alert";

    /// <summary>The column of times names its zone: a cell that names it would be no date to a spreadsheet.</summary>
    public IReadOnlyList<string> PersonColumns(IanaTimeZone zone) => isFrench
        ? ["Nom", "Site", "Situation", "Réponse", $"Répondu le ({zone.Id})", "Par", "Message", "Injoignable parce que"]
        : ["Name", "Site", "Standing", "Answer", $"Answered at ({zone.Id})", "By", "Message", "Unreachable because"];

    /// <summary>ISO 8601 day and 24-hour time, which every spreadsheet reads as a date.</summary>
    public static string Moment(DateTimeOffset at, IanaTimeZone zone) => zone.WallTimeOf(at).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    public string Number(long count) => count.ToString("N0", isFrench ? FrenchNumbers : CultureInfo.InvariantCulture.NumberFormat);

    public string Pick(string french, string english) => isFrench ? french : english;

    public string Of(ChannelKind channel) => channel switch
    {
        ChannelKind.InApp => Pick("Application", "App"),
        ChannelKind.WebPush => Pick("Notification", "Notification"),
        ChannelKind.Sms => "SMS",
        ChannelKind.Email => Pick("Courriel", "Mail"),
        _ => throw new ArgumentOutOfRangeException(nameof(channel)),
    };

    public string FailureOf(ChannelKind channel) => Pick($"{Of(channel)}\u00A0: motif de l’échec", $"{Of(channel)}: why it failed");

    public string Of(Standing standing) => standing switch
    {
        Standing.NeedsHelp => Pick("A besoin d’aide", "Needs help"),
        Standing.Failed => Pick("Échec", "Failed"),
        Standing.NotReached => Pick("Pas encore joint", "Not reached yet"),
        Standing.Sent => Pick("Envoyé", "Sent"),
        Standing.Delivered => Pick("Remis", "Delivered"),
        Standing.Read => Pick("Lu", "Read"),
        Standing.Answered => Pick("A répondu", "Answered"),
        _ => throw new ArgumentOutOfRangeException(nameof(standing)),
    };

    public string Of(AnswerVia via) => via switch
    {
        AnswerVia.Link => Pick("le lien", "the link"),
        AnswerVia.InApp => Pick("l’application", "the app"),
        AnswerVia.Sms => "SMS",
        AnswerVia.Email => Pick("courriel", "mail"),
        AnswerVia.Operator => Pick("saisi par la cellule", "entered by the crisis team"),
        AnswerVia.WebPush => Pick("la notification", "the notification"),
        _ => throw new ArgumentOutOfRangeException(nameof(via)),
    };

    public string Of(UnreachableReason reason) => reason switch
    {
        UnreachableReason.NoContactPoint => Pick("aucun moyen de contact", "no contact point"),
        UnreachableReason.NoUsableChannel => Pick("aucun moyen de contact pour ces canaux", "no contact point for these channels"),
        UnreachableReason.Declined => Pick("canaux refusés par la personne", "channels declined by the person"),
        UnreachableReason.QuietUntilExpiry => Pick("heures calmes jusqu’à la fin de l’alerte", "quiet hours until the alert ends"),
        _ => throw new ArgumentOutOfRangeException(nameof(reason)),
    };

    public string Of(DeliveryState state) => state switch
    {
        DeliveryState.Planned => Pick("prévu", "planned"),
        DeliveryState.Sending => Pick("en cours d’envoi", "sending"),
        DeliveryState.Withdrawn => Pick("retiré", "withdrawn"),
        DeliveryState.Accepted => Pick("envoyé", "sent"),
        DeliveryState.Expired => Pick("hors délai", "expired"),
        DeliveryState.Failed => Pick("échec", "failed"),
        DeliveryState.Delivered => Pick("remis", "delivered"),
        DeliveryState.Read => Pick("lu", "read"),
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    public string Of(AlertState state) => state switch
    {
        AlertState.Active => Pick("En cours", "Under way"),
        AlertState.AllClear => Pick("Fin d’alerte", "All clear"),
        AlertState.Cancelled => Pick("Annulée", "Cancelled"),
        AlertState.Expired => Pick("Terminée", "Ended"),
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    public string Of(Severity severity) => severity switch
    {
        Severity.Info => Pick("Information", "Information"),
        Severity.Advisory => Pick("Vigilance", "Advisory"),
        Severity.Severe => Pick("Grave", "Severe"),
        Severity.Extreme => Pick("Danger vital", "Extreme"),
        _ => throw new ArgumentOutOfRangeException(nameof(severity)),
    };

    /// <summary>A failure in words; a code that is not ours stands for itself.</summary>
    public string OfFailure(string code) => code switch
    {
        FailureCodes.AddressInvalid => Pick("adresse ou numéro mal formé", "malformed address or number"),
        FailureCodes.AddressUnknown => Pick("adresse ou numéro inconnu", "unknown address or number"),
        FailureCodes.CarrierRefused => Pick("refusé par l’opérateur", "refused by the carrier"),
        FailureCodes.CarrierThrottled => Pick("ralenti par l’opérateur", "slowed down by the carrier"),
        FailureCodes.CarrierUnavailable => Pick("opérateur indisponible", "carrier unavailable"),
        FailureCodes.CarrierTimeout => Pick("pas de réponse de l’opérateur à temps", "no answer from the carrier in time"),
        FailureCodes.ConnectionLost => Pick("liaison avec l’opérateur coupée", "connection to the carrier lost"),
        FailureCodes.NotConfigured => Pick("canal non configuré", "channel not configured"),
        FailureCodes.SubscriptionGone => Pick("l’appareil ne reçoit plus de notifications", "the device takes no more notifications"),
        FailureCodes.MessageTooLarge => Pick("message trop long", "message too long"),
        FailureCodes.Expired => Pick("délai dépassé", "too late"),
        FailureCodes.Undeliverable => Pick("impossible à remettre", "cannot be delivered"),
        FailureCodes.AbsentSubscriber => Pick("téléphone éteint ou hors réseau", "phone off or out of coverage"),
        FailureCodes.AttemptsExhausted => Pick("tous les essais ont échoué", "all attempts failed"),
        _ => code,
    };

    // A narrow no-break space between thousands.
    private static readonly NumberFormatInfo FrenchNumbers = new() { NumberGroupSeparator = "\u202F", NumberDecimalSeparator = "," };
}
