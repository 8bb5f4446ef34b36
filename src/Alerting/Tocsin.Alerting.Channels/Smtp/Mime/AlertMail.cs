using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Tocsin.Alerting.Content;

namespace Tocsin.Alerting.Channels.Smtp.Mime;

/// <summary>Who our mail is from and where its answers go.</summary>
internal sealed record MailIdentity(Mailbox From, Mailbox? ReplyTo);

/// <summary>Writes one alert as one RFC 5322 message: header, then the same text as text/plain and text/html.</summary>
internal static class AlertMail
{
    private static readonly SearchValues<char> TokenCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>No transfer encoding of ours can write "=_" (RFC 2045 section 6.7), so it parts safely whatever the text says.</summary>
    private static ReadOnlySpan<byte> Boundary => "=tocsin-alternative"u8;

    /// <param name="shared">What of it is the same for everyone, where that is known; it is <see cref="SharedMail.Of"/> the same message.</param>
    public static void Write(IBufferWriter<byte> output, OutboundMessage message, Mailbox recipient, MailIdentity identity, DateTimeOffset now, SharedMail? shared = null)
    {
        WriteLine(output, string.Create(CultureInfo.InvariantCulture, $"Date: {now.ToUniversalTime():ddd, dd MMM yyyy HH:mm:ss} +0000"));
        if (shared is null)
            WriteSender(output, message, identity);
        else
            output.Write(shared.Sender);
        if (identity.ReplyTo is not null)
            HeaderText.WriteMailbox(output, "Reply-To", message.Organisation, identity.ReplyTo);
        HeaderText.WriteMailbox(output, "To", display: null, recipient);
        WriteLine(output, $"Message-ID: <{MessageId(message, identity.From)}>");
        if (shared is null)
            WriteRest(output, message, identity);
        else
            shared.WriteRest(output, message);
    }

    /// <summary>The same for every attempt, so that a mailbox which gets it twice can tell.</summary>
    public static string MessageId(OutboundMessage message, Mailbox from) => $"{Token(message.IdempotencyKey)}.tocsin@{from.Domain}";

    /// <summary>The first field that is the same for everyone.</summary>
    public static void WriteSender(IBufferWriter<byte> output, OutboundMessage message, MailIdentity identity) =>
        HeaderText.WriteMailbox(output, "From", message.Organisation, identity.From);

    /// <summary>All that follows what is personal: of it only the link differs between people.</summary>
    public static void WriteRest(IBufferWriter<byte> output, OutboundMessage message, MailIdentity identity)
    {
        HeaderText.WriteUnstructured(output, "Subject", Subject(message));
        var isAlert = message.Purpose.IsOfAlert();
        // An update, a reminder and the all-clear stand under the alert that they follow.
        if (isAlert)
            WriteLine(output, $"References: <{message.AlertId}.alert.tocsin@{identity.From.Domain}>");
        // RFC 3834: no out-of-office answer to it. Exchange wants to be told in its own header.
        WriteLine(output, "Auto-Submitted: auto-generated");
        WriteLine(output, "X-Auto-Response-Suppress: OOF, AutoReply");
        WritePriority(output, message);
        WriteLine(output, $"Content-Language: {(message.Language == ContentLanguage.En ? "en" : "fr")}");
        if (isAlert)
            WriteLine(output, $"X-Tocsin-Alert: {message.AlertId}");
        if (message.Mode == AlertMode.Exercise)
            WriteLine(output, "X-Tocsin-Exercise: yes");
        WriteLine(output, "MIME-Version: 1.0");
        output.Write("Content-Type: multipart/alternative;\r\n boundary=\""u8);
        output.Write(Boundary);
        output.Write("\"\r\n\r\n"u8);
        var repliesAreRead = identity.ReplyTo is not null;
        WritePart(output, "plain"u8, AlertMailText.Write(message, repliesAreRead));
        WritePart(output, "html"u8, AlertMailHtml.Write(message, repliesAreRead));
        output.Write("--"u8);
        output.Write(Boundary);
        output.Write("--\r\n"u8);
    }

    /// <summary>
    /// RFC 2156 Importance and Priority, and the older X-Priority. Precedence is never "bulk": relays put bulk mail last and send no report when it fails.
    /// </summary>
    private static void WritePriority(IBufferWriter<byte> output, OutboundMessage message)
    {
        var (importance, priority, level) = message.Severity switch
        {
            _ when message.Mode == AlertMode.Exercise => ("normal", "normal", 3),
            Severity.Info => ("normal", "normal", 3),
            Severity.Advisory => ("high", "normal", 2),
            _ => ("high", "urgent", 1),
        };
        WriteLine(output, $"Importance: {importance}");
        WriteLine(output, $"Priority: {priority}");
        WriteLine(output, $"X-Priority: {level}");
        WriteLine(output, "Precedence: first-class");
    }

    public static string Subject(OutboundMessage message)
    {
        var subject = MailWording.PurposePrefix(message.Language, message.Purpose) + message.Title;
        return message.Mode == AlertMode.Exercise ? $"{ExerciseMark.In(message.Language)} — {subject}" : subject;
    }

    private static void WritePart(IBufferWriter<byte> output, ReadOnlySpan<byte> subtype, string text)
    {
        output.Write("--"u8);
        output.Write(Boundary);
        output.Write("\r\nContent-Type: text/"u8);
        output.Write(subtype);
        output.Write("; charset=utf-8\r\n"u8);
        TransferEncoding.WriteEntityBody(output, text);
    }

    /// <summary>The key where it can stand in a Message-ID as it is, else its digest.</summary>
    private static string Token(string key) => key.Length > 0 && !key.AsSpan().ContainsAnyExcept(TokenCharacters)
        ? key
        : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)).AsSpan(0, 20));

    private static void WriteLine(IBufferWriter<byte> output, string line)
    {
        Encoding.ASCII.GetBytes(line, output);
        output.Write("\r\n"u8);
    }
}
