using Tocsin.Alerting.Channels.Smtp.Mime;

namespace Tocsin.Alerting.Channels.Smtp;

/// <summary>What a mail will say, for whoever is writing it.</summary>
/// <param name="Text">The plain text; the HTML says the same.</param>
public sealed record MailPreview(string Subject, string Text)
{
    public static MailPreview Of(OutboundMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return new MailPreview(AlertMail.Subject(message), AlertMailText.Write(message, repliesAreRead: true));
    }
}
