using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Tocsin.Alerting.Content;

namespace Tocsin.Alerting.Channels.WebPush;

/// <summary>What the service worker gets: one JSON object that fits in one push whatever the alert says. docs/protocol/web-push.md lists its members.</summary>
internal static class PushPayload
{
    private const string Ellipsis = "…";

    private static readonly JsonWriterOptions WriterOptions = new()
    {
        // Nothing here is ever put into a page as markup, and escaping every accent would cost half of the room.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>UTF-8 of at most <see cref="PushEncryption.MaximumPlaintextLength"/> octets; the body is cut where it must be, never the link.</summary>
    /// <returns>False where it does not fit even without a body.</returns>
    public static bool TryWrite(OutboundMessage message, out byte[] payload)
    {
        payload = Write(message, message.Body);
        if (Fits(payload))
            return true;
        payload = Write(message, body: "");
        if (!Fits(payload))
            return false;
        // How long a character gets depends on its escapes, so the longest part that fits is searched for, not computed.
        var (fits, tooLong) = (0, message.Body.Length);
        while (tooLong - fits > 1)
        {
            var kept = (fits + tooLong) / 2;
            var cut = Write(message, Cut(message.Body, kept));
            if (Fits(cut))
                (fits, payload) = (kept, cut);
            else
                tooLong = kept;
        }
        return true;
    }

    private static bool Fits(byte[] payload) => payload.Length <= PushEncryption.MaximumPlaintextLength;

    /// <summary>The first <paramref name="length"/> characters, less half a surrogate pair, and the mark of a cut.</summary>
    private static string Cut(string body, int length) =>
        body[..(char.IsHighSurrogate(body[length - 1]) ? length - 1 : length)] + Ellipsis;

    private static byte[] Write(OutboundMessage message, string body)
    {
        var output = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(output, WriterOptions))
        {
            json.WriteStartObject();
            json.WriteString("alertId", message.AlertId.Value);
            json.WriteNumber("number", message.AlertNumber);
            json.WriteString("mode", WireName(message.Mode));
            json.WriteString("severity", WireName(message.Severity));
            json.WriteString("title", Title(message));
            json.WriteString("body", body);
            json.WriteString("language", WireName(message.Language));
            json.WriteString("purpose", WireName(message.Purpose));
            json.WriteStartArray("answers");
            foreach (var answer in message.Answers)
            {
                json.WriteStartObject();
                json.WriteString("key", answer.Key);
                json.WriteString("label", answer.Label);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteString("link", message.AnswerLink?.AbsoluteUri);
            json.WriteEndObject();
        }
        return output.WrittenSpan.ToArray();
    }

    /// <summary>The mark stands in the title itself, so that no version of a service worker can show an exercise as real.</summary>
    private static string Title(OutboundMessage message) => message switch
    {
        { Mode: AlertMode.Exercise } => $"{ExerciseMark.In(message.Language)} — {message.Title}",
        { Purpose: MessagePurpose.Test } => $"{TestMark.Word} — {message.Title}",
        _ => message.Title,
    };

    private static string WireName<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}
