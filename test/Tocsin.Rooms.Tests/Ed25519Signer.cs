using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Tocsin.Rooms.Tests;

/// <summary>An Ed25519 key that signs, by the system's OpenSSL: what a browser holds. The server's own code has none, since it never signs.</summary>
internal sealed unsafe partial class Ed25519Signer : IDisposable
{
    private const int KeyType = 1087;
    private const int KeyLength = 32;
    private const int SignatureLength = 64;
    private const string Library = "libcrypto.so.3";

    private readonly nint key;

    public Ed25519Signer()
    {
        var seed = RandomNumberGenerator.GetBytes(KeyLength);
        PublicKey = new byte[KeyLength];
        nuint length = KeyLength;
        fixed (byte* secret = seed, open = PublicKey)
        {
            key = EVP_PKEY_new_raw_private_key(KeyType, 0, secret, KeyLength);
            if (EVP_PKEY_get_raw_public_key(key, open, &length) != 1) throw new CryptographicException("OpenSSL made no key.");
        }
    }

    public byte[] PublicKey { get; }

    /// <param name="label">With its zero byte.</param>
    public byte[] Sign(ReadOnlySpan<byte> label, ReadOnlySpan<byte> body)
    {
        byte[] message = [.. label, .. body];
        var signature = new byte[SignatureLength];
        nuint length = SignatureLength;
        var context = EVP_MD_CTX_new();
        fixed (byte* signed = message, made = signature)
        {
            var isSigned = EVP_DigestSignInit(context, null, 0, 0, key) == 1 && EVP_DigestSign(context, made, &length, signed, (nuint)message.Length) == 1;
            EVP_MD_CTX_free(context);
            if (!isSigned) throw new CryptographicException("OpenSSL did not sign.");
        }

        return signature;
    }

    public void Dispose() => EVP_PKEY_free(key);

    [LibraryImport(Library)]
    private static partial nint EVP_PKEY_new_raw_private_key(int type, nint engine, byte* key, nuint length);

    [LibraryImport(Library)]
    private static partial int EVP_PKEY_get_raw_public_key(nint key, byte* to, nuint* length);

    [LibraryImport(Library)]
    private static partial void EVP_PKEY_free(nint key);

    [LibraryImport(Library)]
    private static partial nint EVP_MD_CTX_new();

    [LibraryImport(Library)]
    private static partial void EVP_MD_CTX_free(nint context);

    [LibraryImport(Library)]
    private static partial int EVP_DigestSignInit(nint context, nint* keyContext, nint type, nint engine, nint key);

    [LibraryImport(Library)]
    private static partial int EVP_DigestSign(nint context, byte* signature, nuint* signatureLength, byte* data, nuint dataLength);
}
