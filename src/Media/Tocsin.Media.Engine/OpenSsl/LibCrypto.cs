using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling]

namespace Tocsin.Media.Engine.OpenSsl;

/// <summary>The functions of libcrypto that we call, under their own names. Every pointer is owned by the caller unless said otherwise.</summary>
internal static unsafe partial class LibCrypto
{
    public const int AeadGetTag = 0x10;
    public const int AeadSetTag = 0x11;
    public const int BioControlReset = 1;
    public const int BioControlFlush = 11;
    public const int BioControlSetEofReturn = 130;

    [LibraryImport(OpenSslLibrary.Crypto)]
    internal static partial nint EVP_CIPHER_CTX_new();

    [LibraryImport(OpenSslLibrary.Crypto)]
    internal static partial void EVP_CIPHER_CTX_free(nint context);

    /// <summary>Not to be freed: it lives as long as the library.</summary>
    [LibraryImport(OpenSslLibrary.Crypto)]
    internal static partial nint EVP_aes_128_gcm();

    /// <inheritdoc cref="EVP_aes_128_gcm"/>
    [LibraryImport(OpenSslLibrary.Crypto)]
    internal static partial nint EVP_aes_128_ctr();

    [LibraryImport(OpenSslLibrary.Crypto)]
    internal static partial int EVP_CipherInit_ex(nint context, nint cipher, nint engine, byte* key, byte* iv, int encrypt);

    // What is called for each packet takes a fraction of a microsecond, takes no lock and never waits: the collector may wait for it, and going in and out costs less.

    /// <summary>For the initialisation vector only, in a context that has its key.</summary>
    [LibraryImport(OpenSslLibrary.Crypto, EntryPoint = nameof(EVP_CipherInit_ex)), SuppressGCTransition]
    internal static partial int EVP_CipherInit_ex_vector(nint context, nint cipher, nint engine, byte* key, byte* iv, int encrypt);

    [LibraryImport(OpenSslLibrary.Crypto), SuppressGCTransition]
    internal static partial int EVP_CipherUpdate(nint context, byte* output, int* outputLength, byte* input, int inputLength);

    [LibraryImport(OpenSslLibrary.Crypto), SuppressGCTransition]
    internal static partial int EVP_CipherFinal_ex(nint context, byte* output, int* outputLength);

    [LibraryImport(OpenSslLibrary.Crypto), SuppressGCTransition]
    internal static partial int EVP_CIPHER_CTX_ctrl(nint context, int command, int argument, void* pointer);

    [LibraryImport(OpenSslLibrary.Crypto, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint EVP_MAC_fetch(nint libraryContext, string algorithm, string? properties);

    [LibraryImport(OpenSslLibrary.Crypto)]
    internal static partial void EVP_MAC_free(nint mac);

    [LibraryImport(OpenSslLibrary.Crypto)]
    internal static partial nint EVP_MAC_CTX_new(nint mac);

    [LibraryImport(OpenSslLibrary.Crypto)]
    internal static partial void EVP_MAC_CTX_free(nint context);

    [LibraryImport(OpenSslLibrary.Crypto)]
    internal static partial int EVP_MAC_init(nint context, byte* key, nuint keyLength, OsslParam* parameters);

    [LibraryImport(OpenSslLibrary.Crypto)]
    internal static partial int EVP_MAC_update(nint context, byte* data, nuint length);

    [LibraryImport(OpenSslLibrary.Crypto)]
    internal static partial int EVP_MAC_final(nint context, byte* output, nuint* outputLength, nuint outputSize);

    [LibraryImport(OpenSslLibrary.Crypto)]
    internal static partial void ERR_clear_error();

    [LibraryImport(OpenSslLibrary.Crypto)]
    internal static partial nint BIO_s_mem();

    [LibraryImport(OpenSslLibrary.Crypto)]
    internal static partial nint BIO_new(nint method);

    [LibraryImport(OpenSslLibrary.Crypto)]
    internal static partial int BIO_write(nint bio, byte* data, int length);

    [LibraryImport(OpenSslLibrary.Crypto)]
    internal static partial CLong BIO_ctrl(nint bio, int command, CLong argument, void* pointer);

    [LibraryImport(OpenSslLibrary.Crypto)]
    internal static partial int BIO_get_new_index();

    [LibraryImport(OpenSslLibrary.Crypto)]
    internal static partial nint BIO_meth_new(int type, byte* name);

    [LibraryImport(OpenSslLibrary.Crypto)]
    internal static partial int BIO_meth_set_write(nint method, delegate* unmanaged<nint, byte*, int, int> write);

    [LibraryImport(OpenSslLibrary.Crypto)]
    internal static partial int BIO_meth_set_ctrl(nint method, delegate* unmanaged<nint, int, CLong, nint, CLong> control);

    [LibraryImport(OpenSslLibrary.Crypto)]
    internal static partial void BIO_set_init(nint bio, int initialised);

    [LibraryImport(OpenSslLibrary.Crypto)]
    internal static partial void BIO_set_data(nint bio, nint data);

    [LibraryImport(OpenSslLibrary.Crypto)]
    internal static partial nint BIO_get_data(nint bio);

    [LibraryImport(OpenSslLibrary.Crypto)]
    internal static partial void X509_free(nint certificate);

    [LibraryImport(OpenSslLibrary.Crypto)]
    internal static partial nint EVP_sha256();

    [LibraryImport(OpenSslLibrary.Crypto)]
    internal static partial int X509_digest(nint certificate, nint digest, byte* output, uint* length);

    /// <summary>struct ossl_param_st: a key, a type, where the value is, its size, and what was returned.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct OsslParam
    {
        public const uint Utf8String = 4;
        public byte* Key;
        public uint DataType;
        public void* Data;
        public nuint DataSize;
        public nuint ReturnSize;
    }
}
