using System.Text;
using Tocsin.Alerting.Channels.Sharing;

namespace Tocsin.Alerting.Channels.Sms.Text;

/// <summary>An alert's SMS as it is for everyone: composed, encoded and cut into parts once.</summary>
internal sealed class SharedSms
{
    /// <summary>Where a part's header has the reference of its text: see <see cref="SmsParts"/>.</summary>
    private const int ReferenceAt = 3;

    private readonly LinkedOctets all;
    private readonly int[] lengths;
    private readonly bool hasHeaders;

    private SharedSms(LinkedOctets all, byte dataCoding, int[] lengths, bool hasHeaders) =>
        (this.all, DataCoding, this.lengths, this.hasHeaders) = (all, dataCoding, lengths, hasHeaders);

    public byte DataCoding { get; }

    /// <returns>Null where nothing can be shared.</returns>
    public static SharedSms? Of(OutboundMessage message, int mostParts)
    {
        var (parts, dataCoding) = Cut(message, mostParts);
        var written = LinkedOctets.TryMake(
            message.AnswerLink,
            link => [.. Cut(message with { AnswerLink = link }, mostParts).Parts.SelectMany(part => part.UserData)],
            token => Encode(token, dataCoding));
        return written is null ? null : new SharedSms(written, dataCoding, [.. parts.Select(part => part.UserData.Length)], parts[0].HasHeader);
    }

    /// <summary>Written for this person alone.</summary>
    /// <returns>The parts, and how they are encoded. Their reference is the delivery's: see <see cref="PartsFor"/>.</returns>
    public static (SmsPart[] Parts, byte DataCoding) Cut(OutboundMessage message, int mostParts)
    {
        var text = SmsText.Compose(message, mostParts);
        var encoding = Gsm7Alphabet.Holds(text) ? SmsEncoding.Gsm7 : SmsEncoding.Ucs2;
        var parts = SmsParts.Cut(text, encoding, Reference(message));
        return (parts, encoding == SmsEncoding.Gsm7 ? SmsParts.Gsm7DataCoding : SmsParts.Ucs2DataCoding);
    }

    /// <summary>The parts as <see cref="Cut"/> would write them.</summary>
    public SmsPart[] PartsFor(OutboundMessage message)
    {
        var characters = LinkedOctets.TokenOf(message.AnswerLink);
        Span<byte> token = stackalloc byte[characters.Length];
        Encode(characters, DataCoding, token);
        Span<byte> octets = all.Length <= 4096 ? stackalloc byte[all.Length] : new byte[all.Length];
        all.Fill(octets, token);
        var parts = new SmsPart[lengths.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            var userData = octets[..lengths[i]].ToArray();
            if (hasHeaders)
                userData[ReferenceAt] = Reference(message);
            parts[i] = new SmsPart(userData, hasHeaders);
            octets = octets[lengths[i]..];
        }

        return parts;
    }

    /// <summary>The same for every attempt, so that a phone that got some parts twice joins them once.</summary>
    private static byte Reference(OutboundMessage message) => (byte)message.DeliveryId.Value;

    private static byte[] Encode(string token, byte dataCoding)
    {
        var octets = new byte[token.Length];
        Encode(token, dataCoding, octets);
        return octets;
    }

    /// <summary>An octet for each character: of UCS-2 the lower one, since the higher is always zero.</summary>
    private static void Encode(ReadOnlySpan<char> token, byte dataCoding, Span<byte> octets)
    {
        if (dataCoding == SmsParts.Gsm7DataCoding)
            Gsm7Alphabet.Encode(token, octets);
        else
            Encoding.ASCII.GetBytes(token, octets);
    }
}
