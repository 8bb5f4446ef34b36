using System.Collections.Frozen;
using System.Runtime.InteropServices;

namespace Tocsin.Alerting.Phones;

/// <summary>The country calling codes assigned by the ITU (E.164 assigned country codes), with how long a national number may be where that is known.</summary>
internal static class CallingCodes
{
    /// <summary>E.164 section 6: at most 15 digits with the calling code.</summary>
    private const int MaximumDigits = 15;

    /// <summary>No plan in use has shorter national numbers; what is shorter is a short code.</summary>
    private const int ShortestNational = 4;

    // Assigned codes without a known length: two or three digits each. Satellite networks (870, 881, 882, 883) are reachable and used in crises;
    // shared-cost and freephone codes (800, 808, 878, 979) are not, and are refused as special.
    private const string Assigned =
        "20 27 36 40 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98 " +
        "211 218 220 222 223 224 226 227 228 229 230 231 232 233 234 235 236 238 239 240 241 242 243 244 245 246 247 248 249 250 251 252 253 " +
        "254 255 256 257 258 260 261 263 264 265 266 267 268 269 290 291 297 298 299 350 354 355 356 357 359 370 371 372 373 374 375 376 378 " +
        "379 380 381 382 383 385 386 387 389 421 423 500 501 502 503 504 505 506 507 509 591 592 593 595 597 598 599 670 672 673 674 675 " +
        "676 677 678 679 680 682 683 685 686 688 690 691 692 850 852 853 855 856 870 880 881 882 883 886 960 961 962 963 964 965 966 967 " +
        "968 970 971 972 973 974 975 976 977 992 993 994 995 996 998";

    private static readonly FrozenSet<string> Special = FrozenSet.Create(StringComparer.Ordinal, "800", "808", "878", "979");

    private static readonly (string Code, int Shortest, int Longest)[] Known =
    [
        ("1", 10, 10), ("7", 10, 10), ("30", 10, 10), ("31", 9, 11), ("32", 8, 9), ("33", 9, 9), ("34", 9, 9), ("39", 6, 12), ("41", 9, 9),
        ("43", 4, 13), ("44", 9, 10), ("45", 8, 8), ("46", 7, 10), ("47", 5, 8), ("48", 9, 9), ("49", 5, 13), ("212", 9, 9), ("213", 8, 9),
        ("216", 8, 8), ("221", 9, 9), ("225", 10, 10), ("237", 9, 9), ("262", 9, 9), ("351", 9, 9), ("352", 4, 12), ("353", 7, 10),
        ("358", 5, 12), ("377", 8, 9), ("420", 9, 9), ("508", 6, 9), ("590", 9, 9), ("594", 9, 9), ("596", 9, 9), ("681", 6, 6),
        ("687", 6, 6), ("689", 6, 9),
    ];

    private static readonly FrozenDictionary<string, NationalLength> Lengths = CreateLengths();

    /// <summary>How many digits may follow the calling code.</summary>
    [StructLayout(LayoutKind.Auto)]
    internal readonly record struct NationalLength(int Shortest, int Longest);

    /// <summary>Parts <paramref name="digits"/> (after the '+') into calling code and national number.</summary>
    public static PhoneNumberError Part(string digits, out string code, out NationalLength national)
    {
        for (var length = 1; length <= 3 && length <= digits.Length; length++)
        {
            code = digits[..length];
            if (Special.Contains(code))
            {
                national = default;
                return PhoneNumberError.SpecialNumber;
            }

            if (Lengths.TryGetValue(code, out national))
                return PhoneNumberError.None;
        }

        code = "";
        national = default;
        return PhoneNumberError.UnknownCountry;
    }

    private static FrozenDictionary<string, NationalLength> CreateLengths()
    {
        var lengths = new Dictionary<string, NationalLength>(StringComparer.Ordinal);
        foreach (var code in Assigned.Split(' '))
            lengths.Add(code, new(ShortestNational, MaximumDigits - code.Length));
        foreach (var (code, shortest, longest) in Known)
            lengths.Add(code, new(shortest, longest));
        return lengths.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
