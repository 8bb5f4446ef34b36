using System.Runtime.InteropServices;
using Tocsin.Media.Wire;

namespace Tocsin.Media.Host.Sockets;

/// <summary>
/// The datagrams that a media thread will send together: written straight into one piece of memory, and chained by destination, so that those of one
/// destination can leave with one call into the network stack (UDP_SEGMENT). Order is kept for each destination, not between them.
/// </summary>
/// <remarks>One thread. Nothing is allocated after construction.</remarks>
internal sealed class SendBatch
{
    public const int Capacity = 512;

    private const int MemoryLength = Capacity * 1_300;
    private const int None = -1;

    private readonly Entry[] _entries = new Entry[Capacity];
    private readonly Dictionary<TransportAddress, int> _destinations = new(Capacity);
    private readonly Destination[] _chains = new Destination[Capacity];
    private int _used;

    public int Count { get; private set; }

    public int DestinationCount { get; private set; }

    /// <summary>Pinned: the system reads from it.</summary>
    public byte[] Memory { get; } = GC.AllocateUninitializedArray<byte>(MemoryLength, pinned: true);

    /// <summary>Whether a datagram of that length still has room.</summary>
    public bool HasRoom(int length) => Count < Capacity && _used + length <= MemoryLength;

    /// <summary>Room for a datagram: to be written before the next call.</summary>
    public Span<byte> Reserve(int length) => Memory.AsSpan(_used, length);

    /// <summary>Adds what was written to the start of the room reserved last.</summary>
    public void Add(in TransportAddress to, int length)
    {
        ref var index = ref CollectionsMarshal.GetValueRefOrAddDefault(_destinations, to, out var isKnown);
        if (!isKnown)
        {
            index = DestinationCount++;
            _chains[index] = new() { Address = to, First = Count };
        }
        else
        {
            _entries[_chains[index].Last].Next = Count;
        }
        _chains[index].Last = Count;
        _entries[Count++] = new() { Offset = _used, Length = length, Next = None };
        _used += length;
    }

    public void Clear()
    {
        _destinations.Clear();
        (Count, DestinationCount, _used) = (0, 0, 0);
    }

    public TransportAddress Address(int destination) => _chains[destination].Address;

    /// <summary>The datagrams of one destination, in order.</summary>
    public Chain Datagrams(int destination) => new(_entries, _chains[destination].First);

    private struct Destination
    {
        public TransportAddress Address;
        public int First;
        public int Last;
    }

    internal struct Entry
    {
        public int Offset;
        public int Length;
        public int Next;
    }

    /// <summary><c>foreach</c> works on it; each is where in <see cref="Memory"/> a datagram lies.</summary>
    internal struct Chain
    {
        private readonly Entry[] _entries;
        private int _next;

        internal Chain(Entry[] entries, int first)
        {
            _entries = entries;
            _next = first;
        }

        public (int Offset, int Length) Current { get; private set; }

        public readonly Chain GetEnumerator() => this;

        public bool MoveNext()
        {
            if (_next == None) return false;
            var entry = _entries[_next];
            Current = (entry.Offset, entry.Length);
            _next = entry.Next;
            return true;
        }
    }
}
