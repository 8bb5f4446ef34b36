using System.Runtime.InteropServices;

namespace Tocsin.Media.Wire.Rtp;

/// <summary>Writes a redundant payload: first every header, oldest block first and the primary last, then the data of each in the same order.</summary>
/// <remarks>RFC 2198 section 3. Does not allocate.</remarks>
[StructLayout(LayoutKind.Auto)]
public ref struct RedWriter(Span<byte> buffer)
{
    public const int MaximumTimestampOffset = (1 << 14) - 1;
    public const int MaximumBlockLength = (1 << 10) - 1;

    private readonly Span<byte> _buffer = buffer;
    private int _length;
    private int _owed;
    private bool _hasPrimary;
    private bool _failed;

    public void AddRedundantHeader(byte payloadType, int timestampOffset, int length)
    {
        if (_hasPrimary || payloadType > 0x7F || timestampOffset is < 0 or > MaximumTimestampOffset || length is < 0 or > MaximumBlockLength
            || !TryTake(RedPayload.RedundantHeaderLength, out var header))
        {
            _failed = true;
            return;
        }

        header[0] = (byte)(0x80 | payloadType);
        header[1] = (byte)(timestampOffset >> 6);
        header[2] = (byte)((timestampOffset << 2) | (length >> 8));
        header[3] = (byte)length;
        _owed += length;
    }

    public void AddPrimaryHeader(byte payloadType, int length)
    {
        if (_hasPrimary || payloadType > 0x7F || length < 0 || !TryTake(RedPayload.PrimaryHeaderLength, out var header))
        {
            _failed = true;
            return;
        }

        header[0] = payloadType;
        _owed += length;
        _hasPrimary = true;
    }

    public void AddData(scoped ReadOnlySpan<byte> data)
    {
        if (_hasPrimary && data.Length <= _owed && TryTake(data.Length, out var destination))
        {
            data.CopyTo(destination);
            _owed -= data.Length;
        }
        else
        {
            _failed = true;
        }
    }

    /// <summary>False where the buffer was too small, a value not allowed, or the data not as long as the headers said.</summary>
    public readonly bool TryFinish(out int written)
    {
        var complete = !_failed && _hasPrimary && _owed == 0;
        written = complete ? _length : 0;
        return complete;
    }

    private bool TryTake(int length, out Span<byte> destination)
    {
        destination = default;
        if (_failed || length > _buffer.Length - _length)
            return false;
        destination = _buffer.Slice(_length, length);
        _length += length;
        return true;
    }
}
