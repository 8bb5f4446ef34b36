using System.Globalization;

namespace Tocsin.Media.Wire.Tests.Rtcp;

/// <summary>A slow reader of RTCP written from the documents on its own: every packet becomes a line of text, or "?" where it is not sound.</summary>
internal static class NaiveRtcp
{
    /// <returns>Null where the datagram is no compound.</returns>
    public static List<string>? Read(byte[] bytes)
    {
        var lines = new List<string>();
        var rest = bytes;
        if (rest.Length == 0)
            return null;
        while (rest.Length > 0)
        {
            if (rest.Length < 4 || rest[0] is < 128 or > 191)
                return null;
            var length = 4 + (4 * Number(rest, 2, 2));
            if (length > rest.Length)
                return null;
            var packet = rest[..(int)length];
            rest = rest[(int)length..];
            var body = packet[4..];
            if ((packet[0] & 32) != 0)
            {
                if (rest.Length != 0 || packet[^1] == 0 || packet[^1] > body.Length)
                    return null;
                body = body[..^packet[^1]];
            }

            lines.Add(Describe(packet[1], packet[0] & 31, body));
        }

        return lines;
    }

    private static string Describe(int type, int count, byte[] body)
    {
        switch (type)
        {
            case 200 when body.Length >= 24 + (24 * count):
                return $"SR {Number(body, 0, 4)} {Number(body, 4, 4)}.{Number(body, 8, 4)} {Number(body, 12, 4)} {Number(body, 16, 4)} {Number(body, 20, 4)}{Reports(body[24..], count)}";
            case 201 when body.Length >= 4 + (24 * count):
                return $"RR {Number(body, 0, 4)}{Reports(body[4..], count)}";
            case 202:
                return "SDES" + Items(body, count);
            case 203 when body.Length >= 4 * count:
                return "BYE" + string.Concat(Enumerable.Range(0, count).Select(index => $" {Number(body, 4 * index, 4)}"));
            case 205 or 206 when body.Length >= 8:
                var information = body[8..];
                return $"FB {Number(body, 0, 4)} {Number(body, 4, 4)} " + ((type, count) switch
                {
                    (205, 1) => Nack(information),
                    (205, 15) => TransportWide(information),
                    (206, 1) => "PLI",
                    (206, 4) => FullIntra(information),
                    (206, 15) => Remb(information),
                    _ => "other",
                });
            default:
                return "?";
        }
    }

    private static string Reports(byte[] blocks, int count)
    {
        var text = "";
        for (var at = 0; at < 24 * count; at += 24)
        {
            var lost = Number(blocks, at + 5, 3);
            if (lost >= 1 << 23)
                lost -= 1 << 24;
            text += $" [{Number(blocks, at, 4)} {blocks[at + 4]} {lost} {Number(blocks, at + 8, 4)} {Number(blocks, at + 12, 4)} {Number(blocks, at + 16, 4)} {Number(blocks, at + 20, 4)}]";
        }

        return text;
    }

    private static string Items(byte[] body, int count)
    {
        var text = "";
        var at = 0;
        for (var chunk = 0; chunk < count && body.Length - at >= 4; chunk++)
        {
            var ssrc = Number(body, at, 4);
            var start = at;
            at += 4;
            while (at < body.Length && body[at] != 0)
            {
                if (body.Length - at < 2 || body.Length - at < 2 + body[at + 1])
                    return text;
                text += $" {ssrc}:{body[at]}={Convert.ToHexString(body, at + 2, body[at + 1])}";
                at += 2 + body[at + 1];
            }

            if (at >= body.Length)
                return text;
            do
            {
                at++;
            }
            while ((at - start) % 4 != 0 && at < body.Length);
        }

        return text;
    }

    private static string Nack(byte[] information)
    {
        if (information.Length == 0 || information.Length % 4 != 0)
            return "?";
        var numbers = new List<long>();
        for (var at = 0; at < information.Length; at += 4)
        {
            var first = Number(information, at, 2);
            numbers.Add(first);
            numbers.AddRange(Enumerable.Range(0, 16).Where(bit => (Number(information, at + 2, 2) >> bit) % 2 == 1).Select(bit => (first + bit + 1) % 65536));
        }

        return "NACK " + string.Join(',', numbers);
    }

    private static string FullIntra(byte[] information) =>
        information.Length == 0 || information.Length % 8 != 0
            ? "?"
            : "FIR " + string.Join(',', information.Chunk(8).Select(entry => $"{Number(entry, 0, 4)}#{entry[4]}"));

    private static string Remb(byte[] information)
    {
        if (information.Length < 8 || Number(information, 0, 4) != 0x52454D42 || information.Length != 8 + (4 * information[4]))
            return "?";
        var mantissa = new System.Numerics.BigInteger(Number(information, 5, 3) % (1 << 18));
        var rate = mantissa << (information[5] / 4);
        // A mantissa of zero with an exponent of 63 or less is zero; what needs more than 64 bits is refused.
        return rate > ulong.MaxValue ? "?" : $"REMB {rate} " + string.Join(',', information[8..].Chunk(4).Select(source => Number(source, 0, 4)));
    }

    private static string TransportWide(byte[] information)
    {
        if (information.Length < 8 || Number(information, 2, 2) == 0)
            return "?";
        var (first, count) = (Number(information, 0, 2), Number(information, 2, 2));
        var reference = Number(information, 4, 3);
        if (reference >= 1 << 23)
            reference -= 1 << 24;
        var symbols = new List<int>();
        var at = 8;
        while (symbols.Count < count)
        {
            if (information.Length < at + 2)
                return "?";
            var bits = Convert.ToString(Number(information, at, 2), 2).PadLeft(16, '0');
            at += 2;
            if (bits[0] == '0')
                symbols.AddRange(Enumerable.Repeat(Convert.ToInt32(bits[1..3], 2), Convert.ToInt32(bits[3..], 2)));
            else if (bits[1] == '0')
                symbols.AddRange(bits[2..].Select(bit => bit - '0'));
            else
                symbols.AddRange(bits[2..].Chunk(2).Select(pair => Convert.ToInt32(new string(pair), 2)));
        }

        var time = reference * 256;
        var text = string.Create(CultureInfo.InvariantCulture, $"TWCC {first}+{count} {reference} #{information[7]}");
        for (var index = 0; index < count; index++)
        {
            var symbol = symbols[index];
            if (symbol == 3 || information.Length < at + symbol)
                return "?";
            if (symbol == 0)
                continue;
            var delta = Number(information, at, symbol);
            if (symbol == 2 && delta >= 32768)
                delta -= 65536;
            at += symbol;
            time += delta;
            text += $" {(first + index) % 65536}@{time}";
        }

        return text;
    }

    private static long Number(byte[] bytes, int at, int count) => bytes.Skip(at).Take(count).Aggregate(0L, (number, value) => (number * 256) + value);
}
