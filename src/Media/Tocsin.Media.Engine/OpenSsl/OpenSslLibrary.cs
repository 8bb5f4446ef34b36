using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Tocsin.Media.Engine.OpenSsl;

/// <summary>Finds the system's OpenSSL 3, by the names it has on each system.</summary>
internal static class OpenSslLibrary
{
    internal const string Crypto = "tocsin-libcrypto";
    internal const string Ssl = "tocsin-libssl";

    private static readonly string[] CryptoNames = ["libcrypto.so.3", "libcrypto-3-x64.dll", "libcrypto-3-arm64.dll", "libcrypto-3.dll", "libcrypto.3.dylib"];
    private static readonly string[] SslNames = ["libssl.so.3", "libssl-3-x64.dll", "libssl-3-arm64.dll", "libssl-3.dll", "libssl.3.dylib"];

#pragma warning disable CA2255 // The resolver must stand before the first call into either library, whichever class makes it.
    [ModuleInitializer]
    internal static void UseResolver() => NativeLibrary.SetDllImportResolver(typeof(OpenSslLibrary).Assembly, Resolve);
#pragma warning restore CA2255

    private static nint Resolve(string library, Assembly assembly, DllImportSearchPath? searchPath) => library switch
    {
        Crypto => Load(CryptoNames, assembly, searchPath),
        Ssl => Load(SslNames, assembly, searchPath),
        _ => 0,
    };

    /// <exception cref="DllNotFoundException">None of <paramref name="names"/> is on this system; the message says what to install.</exception>
    internal static nint Load(ReadOnlySpan<string> names, Assembly assembly, DllImportSearchPath? searchPath)
    {
        foreach (var name in names)
        {
            if (NativeLibrary.TryLoad(name, assembly, searchPath, out var library)) return library;
        }
        throw new DllNotFoundException(
            $"Conferences need OpenSSL 3, and {names[0]} was not found. On Debian: apt install libssl3. On other systems: put the library where programs find it.");
    }
}
