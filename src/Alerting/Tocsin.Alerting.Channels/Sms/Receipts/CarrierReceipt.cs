using System.Text;
using Tocsin.Alerting.Channels.Sms.Smpp;

namespace Tocsin.Alerting.Channels.Sms.Receipts;

/// <summary>What a carrier says became of a message.</summary>
/// <remarks>SMPP 3.4 section 5.2.28. The last two are of SMPP 5.0, and some carriers send them.</remarks>
internal enum MessageState : byte
{
    Scheduled = 0,
    Enroute = 1,
    Delivered = 2,
    Expired = 3,
    Deleted = 4,
    Undeliverable = 5,
    Accepted = 6,
    Unknown = 7,
    Rejected = 8,
    Skipped = 9,
}

/// <summary>A delivery receipt, from its optional parameters where the carrier sends them, else from its text.</summary>
/// <remarks>
/// SMPP 3.4 appendix B gives the text as an example and every carrier varies it:
/// <code>id:IIIIIIIIII sub:SSS dlvrd:DDD submit date:YYMMDDhhmm done date:YYMMDDhhmm stat:DDDDDDD err:E text:...</code>
/// The dates are not read: they are in a zone that the carrier does not state.
/// </remarks>
/// <param name="NetworkType">First octet of network_error_code; 3 is GSM. Null where there was none.</param>
/// <param name="Error">Digits of the error, at most eight letters and digits; null where there was none, or zero.</param>
internal sealed record CarrierReceipt(string MessageId, MessageState State, byte? NetworkType, string? Error)
{
    private const int LongestError = 8;

    /// <returns>Null where the message is no receipt, or says too little to be of use.</returns>
    public static CarrierReceipt? TryRead(in ShortMessage message)
    {
        var named = message.Optional.TryGet(OptionalTag.ReceiptedMessageId, out var id);
        if (!named && (message.EsmClass & (EsmClass.DeliveryReceipt | EsmClass.IntermediateNotification)) == EsmClass.Default)
            return null;

        var text = message.Payload;
        var messageId = Printable(named ? id.TrimEnd((byte)0) : Field(text, "id:"u8), NamedResponse.LongestName);
        var state = message.Optional.TryGetOctet(OptionalTag.MessageState, out var octet) && octet <= (byte)MessageState.Skipped
            ? (MessageState)octet
            : StateOf(Field(text, "stat:"u8));
        if (messageId.Length == 0 || state is not { } known)
            return null;

        if (message.Optional.TryGet(OptionalTag.NetworkErrorCode, out var network) && network.Length == 3)
            return new CarrierReceipt(messageId, known, network[0], Meaningful($"{(network[1] << 8) | network[2]}"));
        return new CarrierReceipt(messageId, known, null, Meaningful(Printable(Field(text, "err:"u8), LongestError)));
    }

    /// <summary>What stands after the name, up to the next space. The name is found in any case, at the start or after a space.</summary>
    private static ReadOnlySpan<byte> Field(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name)
    {
        for (var at = 0; at + name.Length <= text.Length; at++)
        {
            if ((at > 0 && text[at - 1] != ' ') || !Ascii.EqualsIgnoreCase(text.Slice(at, name.Length), name))
                continue;
            var value = text[(at + name.Length)..].TrimStart((byte)' ');
            var end = value.IndexOf((byte)' ');
            value = end < 0 ? value : value[..end];

            // An empty field: this is the next one's name.
            return value.Contains((byte)':') ? default : value;
        }

        return default;
    }

    private static MessageState? StateOf(ReadOnlySpan<byte> word)
    {
        // By their first five letters: carriers write DELIVRD and DELIVERED, UNDELIV and UNDELIVERABLE.
        if (word.Length < 5)
            return null;
        Span<byte> upper = stackalloc byte[5];
        Ascii.ToUpper(word[..5], upper, out _);
        return upper switch
        {
            _ when upper.SequenceEqual("DELIV"u8) => MessageState.Delivered,
            _ when upper.SequenceEqual("EXPIR"u8) => MessageState.Expired,
            _ when upper.SequenceEqual("DELET"u8) => MessageState.Deleted,
            _ when upper.SequenceEqual("UNDEL"u8) => MessageState.Undeliverable,
            _ when upper.SequenceEqual("ACCEP"u8) => MessageState.Accepted,
            _ when upper.SequenceEqual("UNKNO"u8) => MessageState.Unknown,
            _ when upper.SequenceEqual("REJEC"u8) => MessageState.Rejected,
            _ when upper.SequenceEqual("ENROU"u8) => MessageState.Enroute,
            _ when upper.SequenceEqual("SCHED"u8) => MessageState.Scheduled,
            _ when upper.SequenceEqual("SKIPP"u8) => MessageState.Skipped,
            _ => null,
        };
    }

    private static string Printable(ReadOnlySpan<byte> octets, int longest)
    {
        octets = octets[..Math.Min(octets.Length, longest)];
        return octets.ContainsAnyExceptInRange((byte)'!', (byte)'~') ? "" : Encoding.ASCII.GetString(octets);
    }

    private static string? Meaningful(string error) => error.AsSpan().TrimStart('0').IsEmpty || !error.All(char.IsAsciiLetterOrDigit) ? null : error;
}
