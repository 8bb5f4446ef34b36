using System.Text;
using Tocsin.Alerting.Phones;

namespace Tocsin.Alerting.Channels.Sms;

/// <summary>Telephone numbers as SMPP has them (digits, with a type of number beside) and as we do (E.164 with '+').</summary>
internal static class SmppNumber
{
    /// <summary>Digits of the longest number.</summary>
    public const int LongestE164 = 15;

    public const byte UnknownTon = 0;
    public const byte InternationalTon = 1;
    public const byte NationalTon = 2;
    public const byte NetworkTon = 3;
    public const byte AlphanumericTon = 5;
    public const byte UnknownNpi = 0;
    public const byte IsdnNpi = 1;

    /// <summary>'+' and 7 to 15 digits, the first not 0 (ITU-T E.164).</summary>
    public static bool IsE164(ReadOnlySpan<char> address) =>
        address.Length is >= 8 and <= 16 && address[0] == '+' && address[1] != '0' && !address[1..].ContainsAnyExceptInRange('0', '9');

    /// <summary>The type and plan of a source address, from its form: a full number, a short number, or a name.</summary>
    public static (byte Ton, byte Npi) KindOf(string source) => source switch
    {
        "" => (UnknownTon, UnknownNpi),
        _ when source[0] == '+' => (InternationalTon, IsdnNpi),
        _ when source.AsSpan().ContainsAnyExceptInRange('0', '9') => (AlphanumericTon, UnknownNpi),
        _ when source.Length <= 8 => (NetworkTon, UnknownNpi),
        _ => (UnknownTon, IsdnNpi),
    };

    /// <summary>A sender as a carrier gives it, in the form of our addresses where it is a full number; a short number or a name stays as it is.</summary>
    /// <param name="country">ISO 3166-1: whose national numbers carriers may give as they are dialled there.</param>
    public static string FromCarrier(ReadOnlySpan<byte> value, byte ton, string country)
    {
        var given = Encoding.Latin1.GetString(value).Trim();
        var digits = given.TrimStart('+');
        if (ton == AlphanumericTon || digits.Length < 7 || digits.AsSpan().ContainsAnyExceptInRange('0', '9'))
            return given;
        if (given[0] != '+' && ton != InternationalTon && PhoneNumber.TryParse(digits, country, out var number, out _))
            return number.E164;
        return "+" + digits;
    }
}
