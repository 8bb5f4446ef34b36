using System.Runtime.InteropServices;

namespace Tocsin.Bench.Sfu.Server;

/// <summary>What has been taken from the C library's allocator and not been given back, as by OpenSSL; what the allocator keeps for later is not in it.</summary>
internal static partial class NativeMemoryInUse
{
    public static long Bytes
    {
        get
        {
            var info = mallinfo2();
            return (long)(info.Used + info.Mapped);
        }
    }

    [LibraryImport("libc")]
    private static partial MallocInfo mallinfo2();

    /// <summary>struct mallinfo2, of all arenas.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct MallocInfo
    {
        public nuint Arena;
        public nuint FreeChunks;
        public nuint FastChunks;
        public nuint MappedRegions;
        public nuint Mapped;
        public nuint Unused;
        public nuint FreeInFastChunks;
        public nuint Used;
        public nuint Free;
        public nuint ReleasableAtTop;
    }
}
