namespace Tocsin.Media.Engine.OpenSsl;

/// <summary>AES-128-GCM with one key, in one direction.</summary>
/// <inheritdoc cref="CipherContext"/>
internal sealed unsafe class AesGcmContext(ReadOnlySpan<byte> key, bool encrypt) : CipherContext(LibCrypto.EVP_aes_128_gcm(), key, encrypt)
{
    public const int NonceLength = 12;
    public const int TagLength = 16;

    /// <summary>Encrypts. The associated data are <paramref name="associated"/> followed by <paramref name="trailer"/>.</summary>
    public void Seal(
        ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> trailer, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext, Span<byte> tag)
    {
        Begin(nonce, associated, trailer);
        Transform(plaintext, ciphertext);
        int written;
        byte nothing;
        Check(LibCrypto.EVP_CipherFinal_ex(handle, &nothing, &written));
        ArgumentOutOfRangeException.ThrowIfLessThan(tag.Length, TagLength, nameof(tag));
        fixed (byte* pointer = tag)
        {
            Check(LibCrypto.EVP_CIPHER_CTX_ctrl(handle, LibCrypto.AeadGetTag, TagLength, pointer));
        }
    }

    /// <summary>Decrypts. False where the tag is not of this data: then <paramref name="plaintext"/> holds garbage.</summary>
    public bool TryOpen(
        ReadOnlySpan<byte> nonce,
        ReadOnlySpan<byte> associated,
        ReadOnlySpan<byte> trailer,
        ReadOnlySpan<byte> ciphertext,
        ReadOnlySpan<byte> tag,
        Span<byte> plaintext)
    {
        Begin(nonce, associated, trailer);
        Transform(ciphertext, plaintext);
        ArgumentOutOfRangeException.ThrowIfLessThan(tag.Length, TagLength, nameof(tag));
        fixed (byte* pointer = tag)
        {
            Check(LibCrypto.EVP_CIPHER_CTX_ctrl(handle, LibCrypto.AeadSetTag, TagLength, pointer));
        }
        int written;
        byte nothing;
        return LibCrypto.EVP_CipherFinal_ex(handle, &nothing, &written) > 0;
    }

    private void Begin(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> trailer)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(nonce.Length, NonceLength, nameof(nonce));
        SetInitialisationVector(nonce);
        Associate(associated);
        Associate(trailer);
    }

    private void Associate(ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty) return;
        int written;
        fixed (byte* pointer = data)
        {
            Check(LibCrypto.EVP_CipherUpdate(handle, null, &written, pointer, data.Length));
        }
    }
}
