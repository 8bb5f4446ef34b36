using System.Text;
using Tocsin.Alerting.Content;

namespace Tocsin.Alerting.Channels.Smtp.Mime;

/// <summary>The message as plain text: what a text reader, a watch or a screen reader shows.</summary>
internal static class AlertMailText
{
    public static string Write(OutboundMessage message, bool repliesAreRead)
    {
        var wording = MailWording.In(message.Language);
        var isAlert = message.Purpose.IsOfAlert();
        var text = new StringBuilder(1024);
        if (message.Mode == AlertMode.Exercise)
            text.Append(ExerciseMark.In(message.Language)).Append(" — ").Append(wording.NotReal).Append("\n\n");
        if (isAlert)
            text.Append(MailWording.SeverityWord(message.Language, message.Severity)).Append(" — ");
        text.Append(Printable(message.Organisation, keepLines: false)).Append('\n');
        text.Append(MailWording.PurposePrefix(message.Language, message.Purpose)).Append(Printable(message.Title, keepLines: false)).Append("\n\n");
        text.Append(Printable(message.Body, keepLines: true)).Append("\n\n");
        if (message.Answers.Count > 0)
        {
            text.Append(wording.AnswersAsked).Append('\n');
            for (var i = 0; i < message.Answers.Count; i++)
                text.Append(i + 1).Append(". ").Append(Printable(message.Answers[i].Label, keepLines: false)).Append('\n');
            text.Append('\n');
        }
        if (message.AnswerLink is not null)
            text.Append(message.Answers.Count > 0 ? wording.AnswerHere : $"{wording.PageOf(message.Purpose)}{(message.Language == ContentLanguage.En ? ":" : "\u00A0:")}").Append('\n').Append(message.AnswerLink.AbsoluteUri).Append("\n\n");
        if (message.Answers.Count > 0 && repliesAreRead)
            text.Append(wording.ReplyByMail).Append("\n\n");
        // "-- " is the signature mark: readers set what follows apart, and cut it from replies.
        text.Append("-- \n");
        if (isAlert)
            text.Append(MailWording.Provenance(message.Language, message.AlertNumber, message.RaisedAt)).Append('\n');
        if (message.AnswerLink is not null)
            text.Append(wording.PersonalLink).Append('\n');
        if (!repliesAreRead || !isAlert)
            text.Append(wording.DoNotReply).Append('\n');
        return text.ToString();
    }

    /// <summary>Without control characters, so that no text can move a terminal's cursor or forge a line of ours.</summary>
    public static string Printable(string text, bool keepLines)
    {
        if (!text.AsSpan().ContainsAnyInRange('\0', '\x1F') && !text.AsSpan().ContainsAnyInRange('\x7F', '\x9F'))
            return text;
        var clean = new StringBuilder(text.Length);
        foreach (var c in text.Replace("\r\n", "\n", StringComparison.Ordinal))
            clean.Append(char.IsControl(c) && !(keepLines && c == '\n') ? ' ' : c);
        return clean.ToString();
    }
}
