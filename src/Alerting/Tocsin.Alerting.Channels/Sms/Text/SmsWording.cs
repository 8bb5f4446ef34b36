using Tocsin.Alerting.Content;

namespace Tocsin.Alerting.Channels.Sms.Text;

/// <summary>The fixed words of an SMS. All are in the GSM 7-bit alphabet (É and é are; À and ê are not), so that they never double its cost.</summary>
internal static class SmsWording
{
    /// <summary>The word that says what this message is, in capitals so that it stands out among other messages; empty for what is no alert.</summary>
    public static string Purpose(MessagePurpose purpose, ContentLanguage language) => (purpose, language) switch
    {
        (MessagePurpose.VerificationCode or MessagePurpose.ContactRefresh or MessagePurpose.ContactChange, _) => "",
        (MessagePurpose.Test, _) => TestMark.Word,
        (MessagePurpose.Bulletin, _) => "INFO",
        (MessagePurpose.Reminder, ContentLanguage.En) => "REMINDER",
        (MessagePurpose.Update, ContentLanguage.En) => "UPDATE",
        (MessagePurpose.AllClear, ContentLanguage.En) => "ALL CLEAR",
        (MessagePurpose.Cancellation, ContentLanguage.En) => "CANCELLED",
        (_, ContentLanguage.En) => "ALERT",
        (MessagePurpose.Reminder, _) => "RAPPEL",
        (MessagePurpose.Update, _) => "MISE A JOUR",
        (MessagePurpose.AllClear, _) => "FIN D'ALERTE",
        (MessagePurpose.Cancellation, _) => "ANNULATION",
        _ => "ALERTE",
    };

    /// <summary>"EXERCICE - " before everything that an exercise sends.</summary>
    public static string Mark(OutboundMessage message) => message.Mode == AlertMode.Exercise ? ExerciseMark.In(message.Language) + " - " : "";

    /// <summary>"ALERTE CHU: ": what comes before the title.</summary>
    public static string Heading(OutboundMessage message)
    {
        var organisation = PlainPunctuation.OnOneLine(message.Organisation);
        var purpose = Purpose(message.Purpose, message.Language);
        return $"{purpose}{(organisation.Length > 0 && purpose.Length > 0 ? " " : "")}{organisation}: ";
    }

    /// <summary>"Répondez 1 À l'abri, 2 Besoin d'aide": the digit is the answer's place in the list.</summary>
    public static string Answers(IReadOnlyList<OfferedAnswer> answers, ContentLanguage language)
    {
        if (answers.Count == 0)
            return "";
        var choices = answers.Select((answer, i) => $"{i + 1} {PlainPunctuation.OnOneLine(answer.Label)}");
        return $"{(language == ContentLanguage.En ? "Reply" : "Répondez")} {string.Join(", ", choices)}";
    }
}
