using System.Security.Cryptography;

namespace Tocsin.Media.Engine.Dtls;

/// <summary>SHA-256 of a certificate in DER: what signalling vouches for, and the only thing by which a peer is known.</summary>
/// <remarks>RFC 8122 section 5.</remarks>
public sealed class DtlsFingerprint
{
    public const string Algorithm = "sha-256";

    private const int Length = 32;
    private readonly byte[] _digest;

    private DtlsFingerprint(byte[] digest) => _digest = digest;

    /// <param name="algorithm">Only <see cref="Algorithm"/> is understood: every browser offers it.</param>
    /// <param name="value">32 pairs of hexadecimal digits with colons between them.</param>
    public static bool TryParse(ReadOnlySpan<char> algorithm, ReadOnlySpan<char> value, out DtlsFingerprint? fingerprint)
    {
        fingerprint = null;
        if (!algorithm.Equals(Algorithm, StringComparison.OrdinalIgnoreCase) || value.Length != Length * 3 - 1) return false;
        var digest = new byte[Length];
        for (var i = 0; i < Length; i++)
        {
            var pair = value.Slice(i * 3, 2);
            if (!char.IsAsciiHexDigit(pair[0]) || !char.IsAsciiHexDigit(pair[1]) || (i > 0 && value[i * 3 - 1] != ':')) return false;
            digest[i] = (byte)((Digit(pair[0]) << 4) | Digit(pair[1]));
        }
        fingerprint = new(digest);
        return true;
    }

    public static DtlsFingerprint OfCertificate(ReadOnlySpan<byte> der) => new(SHA256.HashData(der));

    /// <param name="digest">32 bytes, copied.</param>
    internal static DtlsFingerprint OfDigest(ReadOnlySpan<byte> digest) => new(digest.ToArray());

    /// <summary>In constant time.</summary>
    public bool Matches(DtlsFingerprint other) => CryptographicOperations.FixedTimeEquals(_digest, other._digest);

    /// <summary>As signalling writes it: upper case with colons.</summary>
    public override string ToString() => BitConverter.ToString(_digest).Replace('-', ':');

    private static int Digit(char c) => char.IsAsciiDigit(c) ? c - '0' : (c | 0x20) - 'a' + 10;
}
