using System.Security.Cryptography;
using Tocsin.Media.Engine.OpenSsl;

namespace Tocsin.Media.Engine.Srtp;

/// <summary>Session keys of a master key, with a key derivation rate of zero (derived once).</summary>
/// <remarks>
/// RFC 3711 section 4.3. The 96-bit salt of AES-GCM stands in front of 16 zero bits (RFC 7714 section 11). The block to encrypt, 16 bytes:
/// <code>
/// | master salt, 14 bytes, the label XORed into byte 7 | counter, 2 bytes, from 0 |
/// </code>
/// </remarks>
internal static class SrtpKeyDerivation
{
    public const byte RtpEncryption = 0;
    public const byte RtpAuthentication = 1;
    public const byte RtpSalt = 2;
    public const byte RtcpEncryption = 3;
    public const byte RtcpAuthentication = 4;
    public const byte RtcpSalt = 5;

    /// <summary>Fills <paramref name="sessionKey"/>.</summary>
    /// <param name="masterKey">16 bytes.</param>
    /// <param name="masterSalt">12 or 14 bytes.</param>
    public static void Derive(ReadOnlySpan<byte> masterKey, ReadOnlySpan<byte> masterSalt, byte label, Span<byte> sessionKey)
    {
        using var aes = new AesCounterContext(masterKey);
        Span<byte> block = stackalloc byte[AesCounterContext.BlockLength];
        block.Clear();
        masterSalt.CopyTo(block);
        block[7] ^= label;
        sessionKey.Clear();
        aes.Apply(block, sessionKey, sessionKey);
        CryptographicOperations.ZeroMemory(block);
    }
}
