using Tocsin.Rooms.OpenSsl;

namespace Tocsin.Rooms;

/// <summary>Ed25519 signatures (RFC 8032) by the system's OpenSSL: .NET has none of its own. Only verified here; no private key ever comes to a server.</summary>
public static unsafe class Ed25519
{
    public const int PublicKeyLength = 32;
    public const int SignatureLength = 64;

    /// <summary>False also where the key is none.</summary>
    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        if (publicKey.Length != PublicKeyLength || signature.Length != SignatureLength) return false;
        nint key;
        fixed (byte* pointer = publicKey)
        {
            key = LibCrypto.EVP_PKEY_new_raw_public_key(LibCrypto.Ed25519KeyType, 0, pointer, PublicKeyLength);
        }
        var isValid = key != 0 && Verify(key, message, signature);
        LibCrypto.EVP_PKEY_free(key);
        // What a wrong signature leaves in the thread's queue of errors would be taken for the next caller's.
        if (!isValid) LibCrypto.ERR_clear_error();
        return isValid;
    }

    private static bool Verify(nint key, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        var context = LibCrypto.EVP_MD_CTX_new();
        fixed (byte* messagePointer = message, signaturePointer = signature)
        {
            var isValid = LibCrypto.EVP_DigestVerifyInit(context, null, 0, 0, key) == 1
                && LibCrypto.EVP_DigestVerify(context, signaturePointer, (nuint)signature.Length, messagePointer, (nuint)message.Length) == 1;
            LibCrypto.EVP_MD_CTX_free(context);
            return isValid;
        }
    }
}
