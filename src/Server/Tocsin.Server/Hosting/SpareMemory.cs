using System.Runtime.InteropServices;

namespace Tocsin.Server.Hosting;

/// <summary>What the start used and nothing needs again: docs/decisions/0049.</summary>
internal static class SpareMemory
{
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int MallocTrim(nuint pad);

    /// <summary>Gives it back to the machine. Stops every thread for a moment.</summary>
    public static void GiveBack()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);

        // The runtime's compiler and SQLite have theirs from the C library, which keeps what was freed for who asks next. Only glibc does, and only glibc has this.
        if (NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "malloc_trim", out var trim)) Marshal.GetDelegateForFunctionPointer<MallocTrim>(trim)(0);
    }
}
