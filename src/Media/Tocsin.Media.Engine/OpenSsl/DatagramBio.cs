using System.Runtime.InteropServices;
using Tocsin.Media.Engine.Dtls;

namespace Tocsin.Media.Engine.OpenSsl;

/// <summary>
/// A BIO to write to that keeps datagrams apart: each write becomes one datagram of a <see cref="DatagramBatch"/>. OpenSSL's memory BIO runs them together.
/// </summary>
internal static unsafe class DatagramBio
{
    private const int SourceSink = 0x0400;

    // Made once, never freed: it is code, not data.
    private static readonly nint Method = CreateMethod();

    /// <param name="target">A handle on the <see cref="DatagramBatch"/>, which outlives the BIO.</param>
    /// <returns>Owned by the caller.</returns>
    public static nint Create(GCHandle<DatagramBatch> target)
    {
        var bio = LibCrypto.BIO_new(Method);
        LibCrypto.BIO_set_data(bio, GCHandle<DatagramBatch>.ToIntPtr(target));
        LibCrypto.BIO_set_init(bio, 1);
        return bio;
    }

    private static nint CreateMethod()
    {
        fixed (byte* name = "datagrams\0"u8)
        {
            var method = LibCrypto.BIO_meth_new(LibCrypto.BIO_get_new_index() | SourceSink, name);
            _ = LibCrypto.BIO_meth_set_write(method, &Write);
            _ = LibCrypto.BIO_meth_set_ctrl(method, &Control);
            return method;
        }
    }

    /// <summary>A datagram that finds no room is lost, as the network may lose any: it is retransmitted.</summary>
    [UnmanagedCallersOnly]
    private static int Write(nint bio, byte* data, int length)
    {
        _ = GCHandle<DatagramBatch>.FromIntPtr(LibCrypto.BIO_get_data(bio)).Target.TryAdd(new ReadOnlySpan<byte>(data, length));
        return length;
    }

    [UnmanagedCallersOnly]
    private static CLong Control(nint bio, int command, CLong argument, nint pointer) => new(command == LibCrypto.BioControlFlush ? 1 : 0);
}
