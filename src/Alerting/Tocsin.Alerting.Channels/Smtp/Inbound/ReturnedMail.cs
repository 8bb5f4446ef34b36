using System.Security.Cryptography;
using System.Text;

namespace Tocsin.Alerting.Channels.Smtp.Inbound;

/// <summary>What a mail that came back means: a report of its delivery, a person's reply, or nothing that we want.</summary>
internal abstract record ReturnedMail
{
    private ReturnedMail()
    {
    }

    public sealed record Report(DeliveryStatusReport Status) : ReturnedMail;

    /// <param name="Key">The same when the same mail comes twice.</param>
    public sealed record Reply(string From, string Text, string Key) : ReturnedMail;

    public sealed record Nothing : ReturnedMail;

    /// <param name="envelopeSender">Empty for a report.</param>
    public static ReturnedMail Read(ReadOnlyMemory<byte> content, string envelopeSender, TagPurpose purpose)
    {
        var message = MimePart.Read(content);
        if (DeliveryStatusReport.TryRead(message, out var status))
            return new Report(status);
        // An out-of-office note is not an answer, whatever it says.
        if (purpose != TagPurpose.Reply || envelopeSender.Length == 0 || IsAutomatic(message) || ReplyText.FirstLine(message) is not { } text)
            return new Nothing();
        return new Reply(SenderAddress(message) ?? envelopeSender, text, DeduplicationKey(message, content));
    }

    /// <summary>RFC 3834 section 5, and what programs said before it.</summary>
    private static bool IsAutomatic(MimePart message) =>
        !(message.Field("Auto-Submitted") is not { } submitted || submitted.StartsWith("no", StringComparison.OrdinalIgnoreCase))
        || message.Field("X-Autoreply") is not null || message.Field("X-Autorespond") is not null
        || message.Field("Precedence")?.Trim().ToLowerInvariant() is "bulk" or "junk" or "list" or "auto_reply";

    private static string? SenderAddress(MimePart message)
    {
        if (message.Field("From") is not { } from)
            return null;
        var begin = from.LastIndexOf('<');
        var end = from.LastIndexOf('>');
        var address = begin >= 0 && end > begin ? from[(begin + 1)..end] : from;
        return Mailbox.TryParse(address.Trim(), out var mailbox) ? mailbox.ToString() : null;
    }

    private static string DeduplicationKey(MimePart message, ReadOnlyMemory<byte> content)
    {
        var id = message.Field("Message-ID");
        var digest = SHA256.HashData(id is null ? content.Span : Encoding.UTF8.GetBytes(id));
        return $"mail-{Convert.ToHexStringLower(digest)}";
    }
}
