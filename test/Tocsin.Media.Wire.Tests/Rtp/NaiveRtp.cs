using System.Globalization;

namespace Tocsin.Media.Wire.Tests.Rtp;

/// <summary>A slow reader written from RFC 3550 section 5.1 and RFC 8285 on its own.</summary>
internal sealed record NaiveRtp(
    bool Marker, int PayloadType, int Sequence, long Timestamp, long Ssrc, string Csrc, IReadOnlyList<(int Id, string Value)> Extensions, string Payload, int Padding)
{
    public static NaiveRtp? Read(byte[] bytes)
    {
        var bits = string.Concat(bytes.Select(value => Convert.ToString(value, 2).PadLeft(8, '0')));
        if (bits.Length < 96 || bits[..2] != "10")
            return null;
        var rest = bits[96..];
        var csrcBits = 32 * Number(bits[4..8]);
        if (rest.Length < csrcBits)
            return null;
        var csrc = HexOf(rest[..(int)csrcBits]);
        rest = rest[(int)csrcBits..];
        List<(int, string)> extensions = [];
        if (bits[3] == '1')
        {
            if (rest.Length < 32)
                return null;
            var length = 32 * (int)Number(rest[16..32]);
            if (rest.Length < 32 + length)
                return null;
            extensions = ReadExtensions(HexOf(rest[..16]), rest[32..(32 + length)]);
            rest = rest[(32 + length)..];
        }

        var padding = 0;
        if (bits[2] == '1')
        {
            if (rest.Length == 0)
                return null;
            padding = (int)Number(rest[^8..]);
            if (padding == 0 || 8 * padding > rest.Length)
                return null;
            rest = rest[..^(8 * padding)];
        }

        return new NaiveRtp(
            bits[8] == '1', (int)Number(bits[9..16]), (int)Number(bits[16..32]), Number(bits[32..64]), Number(bits[64..96]), csrc, extensions, HexOf(rest), padding);
    }

    private static List<(int Id, string Value)> ReadExtensions(string profile, string bits)
    {
        var elements = new List<(int, string)>();
        var idBits = profile == "BEDE" ? 4 : profile.StartsWith("100", StringComparison.Ordinal) ? 8 : 0;
        while (idBits > 0 && bits.Length > 0)
        {
            if (bits.StartsWith("00000000", StringComparison.Ordinal))
            {
                bits = bits[8..];
                continue;
            }

            if (bits.Length < 2 * idBits)
                break;
            var id = (int)Number(bits[..idBits]);
            var length = (int)Number(bits[idBits..(2 * idBits)]) + (idBits == 4 ? 1 : 0);
            bits = bits[(2 * idBits)..];
            if ((idBits == 4 && id is 0 or 15) || bits.Length < 8 * length)
                break;
            elements.Add((id, HexOf(bits[..(8 * length)])));
            bits = bits[(8 * length)..];
        }

        return elements;
    }

    private static long Number(string bits) => Convert.ToInt64(bits, 2);

    private static string HexOf(string bits) =>
        string.Concat(bits.Chunk(4).Select(nibble => Convert.ToInt32(new string(nibble), 2).ToString("X", CultureInfo.InvariantCulture)));
}
