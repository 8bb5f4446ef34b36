using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling]

namespace Tocsin.Rooms.OpenSsl;

/// <summary>The functions of libcrypto that we call, under their own names. Every pointer is owned by the caller.</summary>
internal static unsafe partial class LibCrypto
{
    internal const int Ed25519KeyType = 1087;

    private const string Library = "tocsin-libcrypto";

    private static readonly string[] Names = ["libcrypto.so.3", "libcrypto-3-x64.dll", "libcrypto-3-arm64.dll", "libcrypto-3.dll", "libcrypto.3.dylib"];

#pragma warning disable CA2255 // The resolver must stand before the first call into the library, whichever class makes it.
    [ModuleInitializer]
    internal static void UseResolver() => NativeLibrary.SetDllImportResolver(typeof(LibCrypto).Assembly, Resolve);
#pragma warning restore CA2255

    [LibraryImport(Library)]
    internal static partial nint EVP_PKEY_new_raw_public_key(int type, nint engine, byte* key, nuint length);

    [LibraryImport(Library)]
    internal static partial void EVP_PKEY_free(nint key);

    [LibraryImport(Library)]
    internal static partial nint EVP_MD_CTX_new();

    [LibraryImport(Library)]
    internal static partial void EVP_MD_CTX_free(nint context);

    [LibraryImport(Library)]
    internal static partial int EVP_DigestVerifyInit(nint context, nint* keyContext, nint type, nint engine, nint key);

    [LibraryImport(Library)]
    internal static partial int EVP_DigestVerify(nint context, byte* signature, nuint signatureLength, byte* data, nuint dataLength);

    [LibraryImport(Library)]
    internal static partial void ERR_clear_error();

    private static nint Resolve(string library, Assembly assembly, DllImportSearchPath? searchPath)
    {
        if (library != Library) return 0;
        foreach (var name in Names)
        {
            if (NativeLibrary.TryLoad(name, assembly, searchPath, out var handle)) return handle;
        }
        throw new DllNotFoundException($"Rooms need OpenSSL 3, and {Names[0]} was not found. On Debian: apt install libssl3.");
    }
}
