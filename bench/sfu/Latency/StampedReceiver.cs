using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Tocsin.Media.Host.Sockets;

namespace Tocsin.Bench.Sfu.Latency;

/// <summary>Receives by the batch, with the time at which the system got each datagram.</summary>
/// <remarks>SO_TIMESTAMPNS, socket(7): the time comes as a control message with each datagram.</remarks>
internal sealed unsafe class StampedReceiver : IDisposable
{
    private const int TimestampNanoseconds = 35;

    private readonly int descriptor;
    private readonly LibC.MultiMessage* messages = Allocate<LibC.MultiMessage>();
    private readonly LibC.Piece* pieces = Allocate<LibC.Piece>();
    private readonly StampControl* controls = Allocate<StampControl>();
    private readonly long[] arrived = new long[ReceiveBatch.Capacity];

    /// <param name="socket">The caller's.</param>
    public StampedReceiver(Socket socket)
    {
        socket.SetRawSocketOption(LibC.LevelSocket, TimestampNanoseconds, BitConverter.GetBytes(1));
        descriptor = (int)socket.Handle;
    }

    /// <summary>Nanoseconds of <see cref="DelayMeter.Now"/>'s clock.</summary>
    public long ArrivedAt(int index) => arrived[index];

    /// <inheritdoc cref="IDatagramSocket.Receive"/>
    public void Receive(ReceiveBatch batch)
    {
        batch.Clear();
        var memory = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(batch.Memory));
        for (var slot = 0; slot < ReceiveBatch.Capacity; slot++)
        {
            pieces[slot] = new() { Start = memory + (slot * ReceiveBatch.MaximumLength), Length = ReceiveBatch.MaximumLength };
            messages[slot].Header = new() { Pieces = pieces + slot, PieceCount = 1, Control = controls + slot, ControlLength = (nuint)sizeof(StampControl) };
        }

        var count = LibC.recvmmsg(descriptor, messages, ReceiveBatch.Capacity, LibC.DoNotWait, null);
        for (var slot = 0; slot < count; slot++)
        {
            arrived[batch.Count] = controls[slot].Time.Seconds * 1_000_000_000 + controls[slot].Time.Nanoseconds;
            batch.Add(slot, (int)messages[slot].Length, default);
        }
    }

    public void Dispose()
    {
        NativeMemory.Free(messages);
        NativeMemory.Free(pieces);
        NativeMemory.Free(controls);
    }

    private static T* Allocate<T>()
        where T : unmanaged => (T*)NativeMemory.AllocZeroed(ReceiveBatch.Capacity, (nuint)sizeof(T));

    /// <summary>struct cmsghdr with a struct timespec.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct StampControl
    {
        public nuint Length;
        public int Level;
        public int Type;
        public LibC.TimeSpec Time;
    }
}
