using System.Globalization;

namespace Tocsin.Media.Wire.Tests.Stun;

/// <summary>A slow reader written from RFC 8489 sections 5 and 14 on its own, to disagree with the fast one where one of them is wrong.</summary>
internal sealed record NaiveStun(int Class, int Method, IReadOnlyList<(int Type, string Value)> Attributes)
{
    /// <returns>Null for what is no message. Attributes up to the first MESSAGE-INTEGRITY or FINGERPRINT, without them.</returns>
    public static NaiveStun? Read(byte[] bytes)
    {
        var hex = Convert.ToHexString(bytes);
        if (bytes.Length < 20 || bytes.Length > 1280 || Number(hex, 0, 2) > 0x3FFF || hex[8..16] != "2112A442")
            return null;
        var body = hex[40..];
        if (Number(hex, 2, 2) * 2 != body.Length || body.Length % 8 != 0)
            return null;
        var bits = Convert.ToString(Number(hex, 0, 2), 2).PadLeft(16, '0');
        // 00 MMMMM C MMM C MMMM
        var messageClass = Convert.ToInt32($"{bits[7]}{bits[11]}", 2);
        var method = Convert.ToInt32(bits[2..7] + bits[8..11] + bits[12..], 2);
        var attributes = new List<(int, string)>();
        var hidden = false;
        var last = 0;
        while (body.Length > 0)
        {
            if (last == 0x8028)
                return null;
            var (type, length) = (Number(body, 0, 2), Number(body, 2, 2));
            var padded = length % 4 == 0 ? length : length + 4 - (length % 4);
            if (body.Length < 8 + (2 * padded) || (type == 0x8028 && length != 4) || (type == 8 && !hidden && length != 20))
                return null;
            hidden |= type is 8 or 0x8028;
            if (!hidden)
                attributes.Add((type, body.Substring(8, 2 * length)));
            last = type;
            body = body[(8 + (2 * padded))..];
        }

        return new NaiveStun(messageClass, method, attributes);
    }

    private static int Number(string hex, int at, int bytes) => int.Parse(hex.AsSpan(2 * at, 2 * bytes), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
