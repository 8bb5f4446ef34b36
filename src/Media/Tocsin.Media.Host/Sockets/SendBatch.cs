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

    /// <summary>With so many, more gain nothing by waiting for others: they leave while what was written is still in the processor's cache.</summary>
    private const int Plenty = 128;

    private const int MemoryLength = Capacity * 1_300;
    private const int None = -1;

    private readonly Entry[] _entries = new Entry[Capacity];
    private readonly Dictionary<TransportAddress, int> _destinations = new(Capacity);
    private readonly Destination[] _chains = new Destination[Capacity];
    private int _used;

    /// <summary>Of the datagram before: one destination's come together.</summary>
    private int _latest = None;

    public int Count { get; private set; }

    public int DestinationCount { get; private set; }

    /// <summary>Pinned: the system reads from it.</summary>
    public byte[] Memory { get; } = GC.AllocateUninitializedArray<byte>(MemoryLength, pinned: true);

    /// <summary>Whether a datagram of that length still has room.</summary>
    public bool HasRoom(int length) => Count < Capacity && _used + length <= MemoryLength;

    /// <summary>Room for a datagram: to be written before the next call.</summary>
    public Span<byte> Reserve(int length) => Memory.AsSpan(_used, length);

    /// <summary>Whether it is time to send what is there, now that a datagram for another destination comes.</summary>
    public bool IsPlentyBefore(in TransportAddress to) => Count >= Plenty && _chains[_latest].Address != to;

    /// <summary>Adds what was written to the start of the room reserved last.</summary>
    public void Add(in TransportAddress to, int length)
    {
        if (_latest == None || _chains[_latest].Address != to) _latest = FindOrAdd(to);
        ref var chain = ref _chains[_latest];
        if (chain.First == None) chain.First = Count;
        else _entries[chain.Last].Next = Count;
        chain.Last = Count;
        _entries[Count++] = new() { Offset = _used, Length = length, Next = None };
        _used += length;
    }

    public void Clear()
    {
        _destinations.Clear();
        (Count, DestinationCount, _used, _latest) = (0, 0, 0, None);
    }

    public TransportAddress Address(int destination) => _chains[destination].Address;

    /// <summary>The datagrams of one destination, in order.</summary>
    public Chain Datagrams(int destination) => new(_entries, _chains[destination].First);

    private int FindOrAdd(in TransportAddress to)
    {
        ref var index = ref CollectionsMarshal.GetValueRefOrAddDefault(_destinations, to, out var isKnown);
        if (isKnown) return index;
        _chains[DestinationCount] = new() { Address = to, First = None };
        return index = DestinationCount++;
    }

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
