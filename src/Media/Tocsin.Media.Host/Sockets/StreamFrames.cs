using System.Buffers.Binary;

namespace Tocsin.Media.Host.Sockets;

/// <summary>Datagrams in a stream: each behind its length in two bytes.</summary>
/// <remarks>RFC 4571 section 2, as ICE uses it for everything on a TCP path (RFC 6544 section 3). Owns its buffer. Allocates only when made.</remarks>
internal sealed class StreamFrames
{
    public const int HeaderLength = 2;

    // Several of the longest frames: a burst is read with one call.
    private readonly byte[] _buffer = new byte[8 * (HeaderLength + ReceiveBatch.MaximumLength)];
    private int _start;
    private int _end;

    /// <summary>Where received bytes are to be written; never empty after <see cref="TryTake"/> has said that there is no frame.</summary>
    public Span<byte> Free
    {
        get
        {
            if (_start > 0)
            {
                _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
                (_start, _end) = (0, _end - _start);
            }
            return _buffer.AsSpan(_end);
        }
    }

    /// <summary>That many bytes were written to <see cref="Free"/>.</summary>
    public void Advance(int count) => _end += count;

    /// <summary>The next whole frame, valid until the next call of <see cref="Free"/>.</summary>
    /// <param name="isBroken">No frame comes any more: the peer announces one longer than any datagram of ours.</param>
    public bool TryTake(out Span<byte> frame, out bool isBroken)
    {
        frame = default;
        isBroken = false;
        if (_end - _start < HeaderLength) return false;
        var length = BinaryPrimitives.ReadUInt16BigEndian(_buffer.AsSpan(_start));
        isBroken = length > ReceiveBatch.MaximumLength;
        if (isBroken || _end - _start < HeaderLength + length) return false;
        frame = _buffer.AsSpan(_start + HeaderLength, length);
        _start += HeaderLength + length;
        return true;
    }

    /// <summary>The frame that was taken last is to be taken again: by the thread that the connection goes to.</summary>
    public void PutBack(ReadOnlySpan<byte> frame) => _start -= HeaderLength + frame.Length;
}
