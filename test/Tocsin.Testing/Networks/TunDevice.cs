using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;

namespace Tocsin.Testing.Networks;

/// <summary>A network device whose cable is a file: each read is an IP packet that was sent on it, each write one that arrives.</summary>
/// <remarks>Linux, Documentation/networking/tuntap.rst.</remarks>
internal sealed partial class TunDevice : IDisposable
{
    public const int LongestPacket = 1500;

    private const int ReadWrite = 2;
    private const int CloseOnExec = 0x80000;
    private const int NonBlocking = 0x800;
    private const int NetworkNamespaces = 0x40000000;
    private const nuint SetInterface = 0x400454CA;
    private const short IsTun = 1;
    private const short WithoutPacketInformation = 0x1000;

    private TunDevice(int descriptor) => Descriptor = descriptor;

    public int Descriptor { get; }

    /// <summary>Makes one inside a namespace.</summary>
    /// <exception cref="InvalidOperationException">Not allowed, or the system has no such devices.</exception>
    public static TunDevice Create(NetworkNamespace inside, string name)
    {
        TunDevice? made = null;
        Exception? failure = null;

        // A namespace is a property of the thread: this one ends with it.
        var thread = new Thread(() =>
        {
            try
            {
                Enter(inside);
                made = Open(name);
            }
            catch (Win32Exception refused)
            {
                failure = refused;
            }
        });
        thread.Start();
        thread.Join();
        return made ?? throw new InvalidOperationException("Bad lines are made of TUN devices: run these tests as root, where /dev/net/tun exists.", failure);
    }

    public void Dispose() => _ = close(Descriptor);

    /// <returns>Bytes read, or less than one where nothing waits.</returns>
    public unsafe int Read(Span<byte> packet)
    {
        fixed (byte* bytes = packet) return (int)read(Descriptor, bytes, (nuint)packet.Length);
    }

    /// <summary>What does not fit into the receiver's queue is lost, as on any line.</summary>
    public unsafe void Write(ReadOnlySpan<byte> packet)
    {
        fixed (byte* bytes = packet) _ = write(Descriptor, bytes, (nuint)packet.Length);
    }

    /// <summary>Waits until one of both has something to read.</summary>
    public static unsafe void WaitForEither(TunDevice one, TunDevice other, TimeSpan limit)
    {
        const short readable = 1;
        var polled = stackalloc[] { new Polled(one.Descriptor, readable, 0), new Polled(other.Descriptor, readable, 0) };
        var wait = new Waiting((long)limit.TotalSeconds, (long)(limit - TimeSpan.FromSeconds((long)limit.TotalSeconds)).TotalNanoseconds);
        _ = ppoll(polled, 2, &wait, null);
    }

    private static void Enter(NetworkNamespace inside)
    {
        var target = Checked(open(inside.Path, CloseOnExec));
        try
        {
            Checked(setns(target, NetworkNamespaces));
        }
        finally
        {
            _ = close(target);
        }
    }

    private static unsafe TunDevice Open(string name)
    {
        var device = new TunDevice(Checked(open("/dev/net/tun", ReadWrite | NonBlocking | CloseOnExec)));

        // struct ifreq: 16 bytes of name, then a union that begins with the flags.
        var request = stackalloc byte[40];
        Encoding.ASCII.GetBytes(name, new Span<byte>(request, 15));
        *(short*)(request + 16) = IsTun | WithoutPacketInformation;
        try
        {
            Checked(ioctl(device.Descriptor, SetInterface, request));
        }
        catch
        {
            device.Dispose();
            throw;
        }

        return device;
    }

    private static int Checked(int result) => result >= 0 ? result : throw new Win32Exception(Marshal.GetLastPInvokeError());

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setns(int descriptor, int kind);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int ioctl(int descriptor, nuint request, byte* argument);

    [LibraryImport("libc")]
    private static unsafe partial nint read(int descriptor, byte* bytes, nuint count);

    [LibraryImport("libc")]
    private static unsafe partial nint write(int descriptor, byte* bytes, nuint count);

    [LibraryImport("libc")]
    private static unsafe partial int ppoll(Polled* polled, nuint count, Waiting* limit, void* signals);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Polled(int Descriptor, short Wanted, short Happened);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Waiting(long Seconds, long Nanoseconds);
}
