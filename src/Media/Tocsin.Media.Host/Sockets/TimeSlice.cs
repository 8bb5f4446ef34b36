using System.Runtime.InteropServices;

namespace Tocsin.Media.Host.Sockets;

/// <summary>How long the system lets a thread run before another's turn comes, and so how soon it is let in when it wakes: a thread that asks for short slices does not wait for the end of others' long ones.</summary>
/// <remarks>
/// sched_setattr(2); Linux 6.12 and later, without privilege: the thread gets no more of the processor than before, only sooner. Earlier kernels, and other systems, leave everything as it was.
/// </remarks>
internal static unsafe class TimeSlice
{
    /// <summary>The least that the kernel grants. Others' are some 3 ms, which is what a datagram would wait for beside a busy program.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromMicroseconds(100);

    private const int NormalPolicy = 0;

    /// <summary>Threads that this one starts begin as if it had never asked.</summary>
    private const ulong ResetOnFork = 1;

    /// <summary>Asks for <see cref="Shortest"/> for the calling thread; its priority stays, and a thread of another class, which an operator has given it, is left alone.</summary>
    /// <returns>False where the system has no such thing, or refuses.</returns>
    public static bool TryShorten()
    {
        if (!TryRead(out var attributes) || attributes.Policy != NormalPolicy) return false;
        // The thread pool's are started by whoever needs one. Not where they would lose a priority that the whole process was given.
        if (attributes.Niceness >= 0) attributes.Flags |= ResetOnFork;
        attributes.RuntimeNanoseconds = (ulong)Shortest.Ticks * TimeSpan.NanosecondsPerTick;
        return LibC.sched_setattr(SetAttributes, 0, &attributes, 0) == 0;
    }

    /// <summary>The calling thread's; null where the system does not say.</summary>
    public static TimeSpan? Current =>
        TryRead(out var attributes) && attributes.RuntimeNanoseconds > 0 ? TimeSpan.FromTicks((long)attributes.RuntimeNanoseconds / TimeSpan.NanosecondsPerTick) : null;

    /// <summary>The calling thread's; null where the system does not say.</summary>
    public static int? Niceness => TryRead(out var attributes) ? attributes.Niceness : null;

    // Debian 12's C library has no names for these calls yet, so they go by their numbers.
    private static nint SetAttributes => RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 314 : 274;

    private static nint GetAttributes => RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 315 : 275;

    private static bool TryRead(out LibC.SchedulingAttributes attributes)
    {
        attributes = new() { Size = (uint)sizeof(LibC.SchedulingAttributes) };
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture is not (Architecture.X64 or Architecture.Arm64)) return false;
        fixed (LibC.SchedulingAttributes* pointer = &attributes)
        {
            return LibC.sched_getattr(GetAttributes, 0, pointer, (nuint)sizeof(LibC.SchedulingAttributes), 0) == 0;
        }
    }
}
