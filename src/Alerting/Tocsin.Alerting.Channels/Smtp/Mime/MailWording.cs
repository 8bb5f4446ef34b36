using Tocsin.Alerting.Content;
using Tocsin.Alerting.Time;

namespace Tocsin.Alerting.Channels.Smtp.Mime;

/// <summary>The sentences that a mail adds to the alert's own words. French has its no-break spaces (U+00A0, and U+202F before ; ! ?) and its quotation marks.</summary>
internal sealed record MailWording(
    string LanguageTag,
    string NotReal,
    string AnswerHere,
    string OpenPage,
    string CheckContact,
    string AnswersAsked,
    string ReplyByMail,
    string PersonalLink,
    string DoNotReply)
{
    private static readonly MailWording French = new(
        LanguageTag: "fr",
        NotReal: "Ceci est un exercice, pas une alerte réelle.",
        AnswerHere: "Répondez ici\u00A0:",
        OpenPage: "Voir l’alerte",
        CheckContact: "Vérifier mes coordonnées",
        AnswersAsked: "Réponses proposées\u00A0:",
        ReplyByMail: "Vous pouvez aussi répondre à ce message par le seul numéro de votre réponse.",
        PersonalLink: "Ce lien est personnel\u00A0: ne transférez pas ce message.",
        DoNotReply: "Message automatique\u00A0: une réponse à cette adresse ne serait pas lue.");

    private static readonly MailWording English = new(
        LanguageTag: "en",
        NotReal: "This is an exercise, not a real alert.",
        AnswerHere: "Answer here:",
        OpenPage: "See the alert",
        CheckContact: "Check my contact details",
        AnswersAsked: "Answers asked for:",
        ReplyByMail: "You can also reply to this message with just the number of your answer.",
        PersonalLink: "This link is personal: do not forward this message.",
        DoNotReply: "Automatic message: a reply to this address would not be read.");

    public static MailWording In(ContentLanguage language) => language == ContentLanguage.En ? English : French;

    /// <summary>What the link leads to, where nothing is answered by it.</summary>
    public string PageOf(MessagePurpose purpose) => purpose == MessagePurpose.ContactRefresh ? CheckContact : OpenPage;

    /// <summary>What the subject says before the title, for anything but the first message.</summary>
    public static string PurposePrefix(ContentLanguage language, MessagePurpose purpose) => (language, purpose) switch
    {
        (_, MessagePurpose.Alert or MessagePurpose.VerificationCode or MessagePurpose.ContactRefresh or MessagePurpose.ContactChange) => "",
        (_, MessagePurpose.Test) => $"{TestMark.Word} — ",
        (ContentLanguage.En, MessagePurpose.Bulletin) => "Bulletin: ",
        (_, MessagePurpose.Bulletin) => "Bulletin d’information\u00A0: ",
        (ContentLanguage.En, MessagePurpose.Reminder) => "Reminder: ",
        (ContentLanguage.En, MessagePurpose.Update) => "Update: ",
        (ContentLanguage.En, MessagePurpose.AllClear) => "All clear: ",
        (ContentLanguage.En, _) => "Cancelled: ",
        (_, MessagePurpose.Reminder) => "Rappel\u00A0: ",
        (_, MessagePurpose.Update) => "Mise à jour\u00A0: ",
        (_, MessagePurpose.AllClear) => "Fin d’alerte\u00A0: ",
        _ => "Annulation\u00A0: ",
    };

    /// <summary>The severity as one word, for the line above the title.</summary>
    public static string SeverityWord(ContentLanguage language, Severity severity) => (language, severity) switch
    {
        (ContentLanguage.En, Severity.Info) => "Information",
        (ContentLanguage.En, Severity.Advisory) => "Advisory",
        (ContentLanguage.En, Severity.Severe) => "Severe",
        (ContentLanguage.En, _) => "Extreme",
        (_, Severity.Info) => "Information",
        (_, Severity.Advisory) => "Vigilance",
        (_, Severity.Severe) => "Grave",
        _ => "Danger vital",
    };

    /// <summary>"Alert 42 · sent 21 November 2026 at 18:04" with the offset of the sender's wall clock.</summary>
    public static string Provenance(ContentLanguage language, long alertNumber, DateTimeOffset raisedAt) => language == ContentLanguage.En
        ? $"Alert {alertNumber} · raised {raisedAt.Day} {EnglishMonths[raisedAt.Month - 1]} {raisedAt.Year} at {raisedAt:HH:mm} ({UtcOffset.Of(raisedAt)})"
        : $"Alerte n°\u00A0{alertNumber} · lancée le {FrenchDay(raisedAt.Day)}\u00A0{FrenchMonths[raisedAt.Month - 1]} {raisedAt.Year} à {raisedAt:HH:mm} ({UtcOffset.Of(raisedAt)})";

    private static readonly string[] FrenchMonths =
        ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"];

    private static readonly string[] EnglishMonths =
        ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

    private static string FrenchDay(int day) => day == 1 ? "1er" : $"{day}";
}
