using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

[assembly: DisableRuntimeMarshalling]

namespace Tocsin.Media.Host.Sockets;

/// <summary>The calls of Linux that .NET does not have, with the structures of its 64-bit systems.</summary>
internal static unsafe partial class LibC
{
    public const int DoNotWait = 0x40;
    public const int Truncated = 0x20;
    public const short PollIn = 1;
    public const int ErrorInterrupted = 4;
    public const int ErrorInputOutput = 5;
    public const int ErrorTryAgain = 11;
    public const int ErrorInvalid = 22;
    public const int LevelSocket = 1;
    public const int ReusePort = 15;
    public const int ForceSendBuffer = 32;
    public const int ForceReceiveBuffer = 33;
    public const int EventNonBlocking = 0x800;
    public const int EventCloseOnExec = 0x80000;
    public const int NoChecksum = 11;
    public const int LevelUdp = 17;
    public const int UdpSegment = 103;

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int recvmmsg(int socket, MultiMessage* messages, uint count, int flags, TimeSpec* timeout);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int sendmmsg(int socket, MultiMessage* messages, uint count, int flags);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int ppoll(PollDescriptor* descriptors, nuint count, TimeSpec* timeout, void* signalMask);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int eventfd(uint initial, int flags);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial nint read(SafeFileHandle descriptor, ulong* value, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial nint write(SafeFileHandle descriptor, ulong* value, nuint length);

    /// <param name="number">Of the call.</param>
    /// <param name="thread">0: the calling one.</param>
    [LibraryImport("libc", EntryPoint = "syscall")]
    internal static partial nint sched_setattr(nint number, nint thread, SchedulingAttributes* attributes, nuint flags);

    /// <inheritdoc cref="sched_setattr"/>
    [LibraryImport("libc", EntryPoint = "syscall")]
    internal static partial nint sched_getattr(nint number, nint thread, SchedulingAttributes* attributes, nuint size, nuint flags);

    /// <summary>struct sched_attr, as its first version was.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct SchedulingAttributes
    {
        public uint Size;
        public uint Policy;
        public ulong Flags;
        public int Niceness;
        public uint Priority;

        /// <summary>In the normal class the time slice.</summary>
        public ulong RuntimeNanoseconds;

        public ulong DeadlineNanoseconds;
        public ulong PeriodNanoseconds;
    }

    /// <summary>struct iovec.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Piece
    {
        public byte* Start;
        public nuint Length;
    }

    /// <summary>struct msghdr.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Message
    {
        public byte* Name;
        public uint NameLength;
        public Piece* Pieces;
        public nuint PieceCount;
        public void* Control;
        public nuint ControlLength;
        public int Flags;
    }

    /// <summary>struct mmsghdr.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct MultiMessage
    {
        public Message Header;
        public uint Length;
    }

    /// <summary>struct cmsghdr with the 16-bit value of UDP_SEGMENT, padded as CMSG_SPACE has it.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 24)]
    internal struct SegmentControl
    {
        public const int LengthWithoutPadding = 18;
        public nuint Length;
        public int Level;
        public int Type;
        public ushort SegmentLength;
    }

    /// <summary>struct timespec.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }

    /// <summary>struct pollfd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
