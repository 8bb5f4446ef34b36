using Tocsin.Media.Engine;

namespace Tocsin.Media.Host.Sockets;

/// <summary>Datagrams that the system gave to one media thread and that belong to a peer of another: many threads add, the owner takes.</summary>
/// <remarks>
/// A ring without locks: who adds claims a place by moving the tail, writes, and then says so in the place's turn (D. Vyukov, bounded MPMC queue). Places and
/// their memory are kept for ever, so nothing is allocated. When it is full the newest is lost and counted, as in a socket's own queue.
/// <code>
/// turn == position            free for whoever claims that position
/// turn == position + 1        written, for the owner
/// turn == position + Capacity taken, free for the next round
/// </code>
/// </remarks>
internal sealed class DatagramHandover
{
    /// <summary>A power of two. Half a second of video from a hundred senders does not fit, a turn in which the owner is late by some milliseconds does.</summary>
    public const int Capacity = 1_024;

    private const int Mask = Capacity - 1;

    private readonly Place[] _places = new Place[Capacity];
    private readonly byte[] _memory = GC.AllocateUninitializedArray<byte>(Capacity * ReceiveBatch.MaximumLength, pinned: true);
    private long _tail;
    private long _head;
    private long _dropped;

    public DatagramHandover()
    {
        for (var position = 0; position < Capacity; position++) _places[position].Turn = position;
    }

    /// <summary>Datagrams that found no room.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>The owner's question.</summary>
    public bool IsEmpty => Volatile.Read(ref _places[_head & Mask].Turn) != _head + 1;

    /// <summary>Copies the datagram in. Any thread.</summary>
    /// <returns>False where there is no room: it is lost.</returns>
    public bool TryAdd(ReadOnlySpan<byte> datagram, in NetworkPath from)
    {
        while (true)
        {
            var position = Volatile.Read(ref _tail);
            ref var place = ref _places[position & Mask];
            var turn = Volatile.Read(ref place.Turn);
            if (turn < position)
            {
                Interlocked.Increment(ref _dropped);
                return false;
            }
            // Another thread was quicker: look again.
            if (turn > position || Interlocked.CompareExchange(ref _tail, position + 1, position) != position) continue;
            datagram.CopyTo(MemoryOf(position));
            (place.Length, place.From) = (datagram.Length, from);
            Volatile.Write(ref place.Turn, position + 1);
            return true;
        }
    }

    /// <summary>The oldest one, where it lies: the owner's until <see cref="Release"/>. Owner only.</summary>
    public bool TryTake(out Span<byte> datagram, out NetworkPath from)
    {
        datagram = default;
        from = default;
        if (IsEmpty) return false;
        ref readonly var place = ref _places[_head & Mask];
        datagram = MemoryOf(_head)[..place.Length];
        from = place.From;
        return true;
    }

    /// <summary>Gives back the place of what was taken last. Owner only.</summary>
    public void Release()
    {
        Volatile.Write(ref _places[_head & Mask].Turn, _head + Capacity);
        _head++;
    }

    private Span<byte> MemoryOf(long position) => _memory.AsSpan((int)(position & Mask) * ReceiveBatch.MaximumLength, ReceiveBatch.MaximumLength);

    private struct Place
    {
        public long Turn;
        public int Length;
        public NetworkPath From;
    }
}
