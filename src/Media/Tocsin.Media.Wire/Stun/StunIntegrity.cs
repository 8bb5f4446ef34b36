using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Tocsin.Media.Wire.Stun;

/// <summary>What MESSAGE-INTEGRITY and FINGERPRINT say of the bytes before them.</summary>
internal static class StunIntegrity
{
    public const int HmacLength = 20;
    public const int FingerprintLength = 4;

    /// <remarks>RFC 8489 section 14.7: "STUN" in ASCII, so that the sum differs from that of another protocol over the same bytes.</remarks>
    private const uint FingerprintMask = 0x5354554E;

    /// <summary>HMAC-SHA1 over the message up to the attribute, with a header that counts up to the end of the attribute.</summary>
    /// <param name="message">At least up to <paramref name="attributeOffset"/>.</param>
    /// <param name="attributeOffset">Where MESSAGE-INTEGRITY begins; at most <see cref="StunMessage.MaximumLength"/>.</param>
    /// <param name="hmac">20 bytes.</param>
    /// <remarks>RFC 8489 section 14.5. Works on a copy on the stack, because the length in the header differs when FINGERPRINT follows.</remarks>
    public static void ComputeHmac(ReadOnlySpan<byte> message, int attributeOffset, ReadOnlySpan<byte> key, Span<byte> hmac)
    {
        Span<byte> covered = stackalloc byte[StunMessage.MaximumLength];
        covered = covered[..attributeOffset];
        message[..attributeOffset].CopyTo(covered);
        var lengthWithAttribute = attributeOffset - StunMessage.HeaderLength + StunMessage.AttributeHeaderLength + HmacLength;
        BinaryPrimitives.WriteUInt16BigEndian(covered[2..], (ushort)lengthWithAttribute);
#pragma warning disable CA5350 // The protocol says SHA-1; as an HMAC it is not broken.
        HMACSHA1.HashData(key, covered, hmac);
#pragma warning restore CA5350
    }

    /// <param name="message">Up to where FINGERPRINT begins, with a header that already counts it.</param>
    public static uint ComputeFingerprint(ReadOnlySpan<byte> message) => Crc32.Compute(message) ^ FingerprintMask;
}
