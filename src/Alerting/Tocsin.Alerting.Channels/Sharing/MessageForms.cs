using System.Buffers;
using Tocsin.Alerting.Channels.Smtp;
using Tocsin.Alerting.Channels.Smtp.Mime;
using Tocsin.Alerting.Channels.Sms.Text;

namespace Tocsin.Alerting.Channels.Sharing;

/// <summary>A message in the forms that carriers are handed, for nobody.</summary>
public static class MessageForms
{
    private const int MostParts = 8;

    /// <returns>How many octets the message takes as SMS and as mail together.</returns>
    /// <param name="from">A mailbox.</param>
    public static int Measure(OutboundMessage message, string from)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (!Mailbox.TryParse(from, out var mailbox))
            throw new ArgumentException("Not a mailbox.", nameof(from));
        var identity = new MailIdentity(mailbox, null);
        var mail = new ArrayBufferWriter<byte>();
        AlertMail.Write(mail, message, mailbox, identity, message.RaisedAt, SharedMail.Of(message, identity));
        var parts = SharedSms.Of(message, MostParts)?.PartsFor(message) ?? SharedSms.Cut(message, MostParts).Parts;
        return mail.WrittenCount + parts.Sum(part => part.UserData.Length);
    }
}
