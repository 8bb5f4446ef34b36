namespace Tocsin.Media.Engine.OpenSsl;

/// <summary>AES-128 in counter mode with one key.</summary>
/// <inheritdoc cref="CipherContext"/>
internal sealed class AesCounterContext(ReadOnlySpan<byte> key) : CipherContext(LibCrypto.EVP_aes_128_ctr(), key, encrypt: true)
{
    public const int BlockLength = 16;

    /// <summary>Encrypts or decrypts, which is the same, from the counter block <paramref name="counter"/> on (16 bytes).</summary>
    /// <param name="output">As long as <paramref name="input"/>; the same memory or apart.</param>
    public void Apply(ReadOnlySpan<byte> counter, ReadOnlySpan<byte> input, Span<byte> output)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(counter.Length, BlockLength, nameof(counter));
        SetInitialisationVector(counter);
        Transform(input, output);
    }
}
