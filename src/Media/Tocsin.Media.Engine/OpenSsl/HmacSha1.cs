using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Tocsin.Media.Engine.OpenSsl;

/// <summary>HMAC-SHA1 with one key, kept.</summary>
/// <remarks>One thread at a time. No call allocates.</remarks>
internal sealed unsafe class HmacSha1 : SafeHandle
{
    public const int Length = 20;

    // Fetched once: a fetch walks the providers. It lives as long as the process.
    private static readonly nint Hmac = LibCrypto.EVP_MAC_fetch(0, "HMAC", null);

    public HmacSha1(ReadOnlySpan<byte> key)
        : base(invalidHandleValue: 0, ownsHandle: true)
    {
        SetHandle(LibCrypto.EVP_MAC_CTX_new(Hmac));
        fixed (byte* digestKey = "digest\0"u8, digestName = "SHA1\0"u8)
        fixed (byte* keyPointer = key)
        {
            var parameters = stackalloc LibCrypto.OsslParam[2];
            parameters[0] = new() { Key = digestKey, DataType = LibCrypto.OsslParam.Utf8String, Data = digestName, DataSize = 4 };
            parameters[1] = default;
            Check(LibCrypto.EVP_MAC_init(handle, keyPointer, (nuint)key.Length, parameters));
        }
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>The code of <paramref name="first"/> followed by <paramref name="second"/>, 20 bytes, in <paramref name="code"/>.</summary>
    public void Compute(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> code)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(code.Length, Length, nameof(code));
        Check(LibCrypto.EVP_MAC_init(handle, null, 0, null));
        Update(first);
        Update(second);
        nuint written;
        fixed (byte* pointer = code)
        {
            Check(LibCrypto.EVP_MAC_final(handle, pointer, &written, Length));
        }
    }

    protected override bool ReleaseHandle()
    {
        LibCrypto.EVP_MAC_CTX_free(handle);
        return true;
    }

    private void Update(ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty) return;
        fixed (byte* pointer = data)
        {
            Check(LibCrypto.EVP_MAC_update(handle, pointer, (nuint)data.Length));
        }
    }

    private static void Check(int result)
    {
        if (result <= 0) throw new CryptographicException("OpenSSL refused a call that cannot fail.");
    }
}
