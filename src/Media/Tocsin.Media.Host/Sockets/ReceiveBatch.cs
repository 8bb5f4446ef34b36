using Tocsin.Media.Wire;

namespace Tocsin.Media.Host.Sockets;

/// <summary>Room for a number of received datagrams, kept for ever: what a media thread receives into.</summary>
internal sealed class ReceiveBatch
{
    /// <summary>Past some 32, recvmmsg gains nothing more; 64 keep a burst of video together.</summary>
    public const int Capacity = 64;

    /// <summary>What is longer was fragmented on its way or is not for us, and is dropped.</summary>
    public const int MaximumLength = 2_048;

    private readonly int[] _lengths = new int[Capacity];
    private readonly TransportAddress[] _sources = new TransportAddress[Capacity];

    public int Count { get; private set; }

    /// <summary>Pinned: the system writes into it. Slot n begins at n times <see cref="MaximumLength"/>.</summary>
    public byte[] Memory { get; } = GC.AllocateUninitializedArray<byte>(Capacity * MaximumLength, pinned: true);

    public Span<byte> this[int index] => Memory.AsSpan(index * MaximumLength, _lengths[index]);

    public TransportAddress Source(int index) => _sources[index];

    public Span<byte> Slot(int index) => Memory.AsSpan(index * MaximumLength, MaximumLength);

    public void Clear() => Count = 0;

    /// <summary>Keeps what was written into a slot at or after <see cref="Count"/>.</summary>
    public void Add(int slot, int length, in TransportAddress source)
    {
        // A slot whose datagram was dropped leaves a gap; the ones after it move down.
        if (slot != Count) Slot(slot)[..length].CopyTo(Slot(Count));
        _lengths[Count] = length;
        _sources[Count++] = source;
    }
}
