namespace Tocsin.Media.Engine.Dtls;

/// <summary>A bounded number of datagrams, one behind the other in one buffer that is kept.</summary>
/// <remarks>One thread at a time. Allocates at the first datagram after construction and <see cref="Release"/>, and no more.</remarks>
internal sealed class DatagramBatch(int maximumCount, int maximumBytes)
{
    private readonly int[] _ends = new int[maximumCount];
    private byte[] _bytes = [];

    public int Count { get; private set; }

    public Span<byte> this[int index]
    {
        get
        {
            var start = index == 0 ? 0 : _ends[index - 1];
            return _bytes.AsSpan(start, _ends[index] - start);
        }
    }

    /// <summary>Copies the datagram; false where there is no room for it.</summary>
    public bool TryAdd(ReadOnlySpan<byte> datagram)
    {
        var start = Count == 0 ? 0 : _ends[Count - 1];
        if (Count == maximumCount || start + datagram.Length > maximumBytes) return false;
        if (_bytes.Length == 0) _bytes = new byte[maximumBytes];
        datagram.CopyTo(_bytes.AsSpan(start));
        _ends[Count++] = start + datagram.Length;
        return true;
    }

    public void Clear() => Count = 0;

    /// <summary>Clears it and gives the buffer back: it is allocated again at the next datagram.</summary>
    public void Release()
    {
        Clear();
        _bytes = [];
    }
}
