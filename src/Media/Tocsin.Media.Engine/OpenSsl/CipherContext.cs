using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Tocsin.Media.Engine.OpenSsl;

/// <summary>
/// An EVP cipher context that keeps its key: for each packet only the initialisation vector is set again, which is three times as fast as a context a packet.
/// </summary>
/// <remarks>One thread at a time. No call allocates.</remarks>
internal abstract unsafe class CipherContext : SafeHandle
{
    protected CipherContext(nint cipher, ReadOnlySpan<byte> key, bool encrypt)
        : base(invalidHandleValue: 0, ownsHandle: true)
    {
        SetHandle(LibCrypto.EVP_CIPHER_CTX_new());
        fixed (byte* keyPointer = key)
        {
            Check(LibCrypto.EVP_CipherInit_ex(handle, cipher, 0, keyPointer, null, encrypt ? 1 : 0));
        }
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        LibCrypto.EVP_CIPHER_CTX_free(handle);
        return true;
    }

    private protected void SetInitialisationVector(ReadOnlySpan<byte> vector)
    {
        fixed (byte* pointer = vector)
        {
            Check(LibCrypto.EVP_CipherInit_ex_vector(handle, 0, 0, null, pointer, -1));
        }
    }

    /// <summary><paramref name="output"/> is at least as long as <paramref name="input"/>; they are the same memory or do not overlap.</summary>
    private protected void Transform(ReadOnlySpan<byte> input, Span<byte> output)
    {
        if (input.IsEmpty) return;
        ArgumentOutOfRangeException.ThrowIfLessThan(output.Length, input.Length, nameof(output));
        int written;
        fixed (byte* inputPointer = input, outputPointer = output)
        {
            Check(LibCrypto.EVP_CipherUpdate(handle, outputPointer, &written, inputPointer, input.Length));
        }
    }

    /// <summary>The arguments of every call are ours, so a failure is a bug or want of memory, never somebody's input.</summary>
    private protected static void Check(int result)
    {
        if (result <= 0) throw new CryptographicException("OpenSSL refused a call that cannot fail.");
    }
}
