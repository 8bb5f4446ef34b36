namespace Tocsin.Media.Engine.Srtp;

/// <summary>The highest index of a source, and which of the indices just below it were seen.</summary>
/// <remarks>RFC 3711 section 3.3.2. Checked before the packet is authenticated, changed only after. Does not allocate after construction.</remarks>
/// <param name="size">How many indices it remembers: a power of two, 64 or more.</param>
internal sealed class ReplayWindow(int size)
{
    // A ring: the bit of an index is at index modulo size, so that moving the window only clears what it newly covers.
    private readonly ulong[] _seen = new ulong[size / 64];

    /// <summary>-1: nothing was seen.</summary>
    public long Highest { get; private set; } = -1;

    /// <summary><see cref="SrtpResult.Ok"/>, <see cref="SrtpResult.Replayed"/> or <see cref="SrtpResult.TooOld"/>.</summary>
    public SrtpResult Check(long index)
    {
        if (index > Highest) return SrtpResult.Ok;
        if (Highest - index >= size) return SrtpResult.TooOld;
        return IsSeen(index) ? SrtpResult.Replayed : SrtpResult.Ok;
    }

    /// <summary>Remembers an index that <see cref="Check"/> has let pass.</summary>
    public void MarkSeen(long index)
    {
        if (index > Highest)
        {
            Forget(Highest + 1, index);
            Highest = index;
        }
        _seen[Word(index)] |= Bit(index);
    }

    /// <summary>Makes it as new.</summary>
    public void Reset()
    {
        Highest = -1;
        Array.Clear(_seen);
    }

    private bool IsSeen(long index) => (_seen[Word(index)] & Bit(index)) != 0;

    private void Forget(long from, long to)
    {
        if (to - from >= size)
        {
            Array.Clear(_seen);
            return;
        }
        for (var index = from; index <= to; index++) _seen[Word(index)] &= ~Bit(index);
    }

    private int Word(long index) => (int)(index & (size - 1)) / 64;

    private static ulong Bit(long index) => 1UL << (int)(index & 63);
}
