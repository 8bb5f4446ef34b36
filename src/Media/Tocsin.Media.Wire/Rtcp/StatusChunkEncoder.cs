using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Tocsin.Media.Wire.Rtcp;

/// <summary>
/// Turns statuses into chunks as they come. Statuses wait until no chunk could hold them and the next: a run may grow to 8191, a vector to 14 statuses without a large
/// delta or 7 with one. The room that the deltas will need is reckoned with.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal ref struct StatusChunkEncoder(Span<byte> destination)
{
    private readonly Span<byte> _destination = destination;
    private int _chunksLength;
    private int _deltasLength;

    /// <summary>Statuses that wait. Only of a run may these be more than 14; of a longer run the symbols are all the first.</summary>
    private int _waiting;

    private Symbols _symbols;
    private bool _isRun;
    private bool _hasLarge;

    /// <summary>A number of missing packets, then one that arrived. False where they and their delta may not find room: then nothing was added.</summary>
    public bool TryAdd(int missing, StatusSymbol symbol)
    {
        var before = this;
        if (TryAddMissing(missing) && TryAddOne(symbol))
        {
            _deltasLength += (int)symbol;
            if (NeededLength() <= _destination.Length)
                return true;
        }

        this = before;
        return false;
    }

    /// <summary>Writes what waits.</summary>
    /// <returns>How long all chunks are.</returns>
    public int Finish()
    {
        while (_waiting > 0)
            WriteChunk(isLast: true);
        return _chunksLength;
    }

    /// <summary>Of a long run of missing ones, whole chunks are written at once: a jump of the sender's numbers costs no more than the chunks it takes.</summary>
    private bool TryAddMissing(int count)
    {
        while (count > 0)
        {
            if (_waiting > StatusChunk.OneBitSymbols && _isRun && _symbols[0] == (byte)StatusSymbol.Missing && _waiting < StatusChunk.MaximumRun)
            {
                var taken = Math.Min(count, StatusChunk.MaximumRun - _waiting);
                _waiting += taken;
                count -= taken;
            }
            else
            {
                if (!TryAddOne(StatusSymbol.Missing))
                    return false;
                count--;
            }
        }

        return true;
    }

    private bool TryAddOne(StatusSymbol symbol)
    {
        while (!CanWait(symbol))
        {
            if (_chunksLength + TransportWideFeedback.ChunkLength > _destination.Length)
                return false;
            WriteChunk(isLast: false);
        }

        if (_waiting < StatusChunk.OneBitSymbols)
            _symbols[_waiting] = (byte)symbol;
        _isRun = _waiting == 0 || (_isRun && _symbols[0] == (byte)symbol);
        _hasLarge |= symbol == StatusSymbol.LargeDelta;
        _waiting++;
        return true;
    }

    private readonly bool CanWait(StatusSymbol symbol) =>
        _waiting < StatusChunk.TwoBitSymbols
        || (_waiting < StatusChunk.OneBitSymbols && !_hasLarge && symbol != StatusSymbol.LargeDelta)
        || (_waiting < StatusChunk.MaximumRun && _isRun && _symbols[0] == (byte)symbol);

    /// <param name="isLast">Then a vector need not be full: the count of statuses says where it ends.</param>
    private void WriteChunk(bool isLast)
    {
        var taken = _waiting;
        int chunk;
        if (_isRun)
            chunk = (_symbols[0] << 13) | _waiting;
        else if (!_hasLarge && (isLast || _waiting == StatusChunk.OneBitSymbols))
            chunk = 0x8000 | VectorOf(taken, 1, StatusChunk.OneBitSymbols);
        else
        {
            taken = Math.Min(_waiting, StatusChunk.TwoBitSymbols);
            chunk = 0xC000 | VectorOf(taken, 2, StatusChunk.TwoBitSymbols);
        }

        BinaryPrimitives.WriteUInt16BigEndian(_destination[_chunksLength..], (ushort)chunk);
        _chunksLength += TransportWideFeedback.ChunkLength;
        Drop(taken);
    }

    private readonly int VectorOf(int count, int bitsPerSymbol, int capacity)
    {
        var vector = 0;
        for (var index = 0; index < count; index++)
            vector = (vector << bitsPerSymbol) | _symbols[index];
        return vector << ((capacity - count) * bitsPerSymbol);
    }

    /// <summary>Forgets the first statuses, and what is true only of them.</summary>
    private void Drop(int count)
    {
        _waiting -= count;
        _isRun = true;
        _hasLarge = false;
        // After a run nothing is left.
        for (var index = 0; index < _waiting; index++)
        {
            _symbols[index] = _symbols[count + index];
            _isRun &= _symbols[index] == _symbols[0];
            _hasLarge |= _symbols[index] == (byte)StatusSymbol.LargeDelta;
        }
    }

    /// <summary>With the chunks that waiting statuses may take at worst, and filled up to whole words.</summary>
    private readonly int NeededLength()
    {
        var open = _isRun ? 1 : _hasLarge ? (_waiting + StatusChunk.TwoBitSymbols - 1) / StatusChunk.TwoBitSymbols : 1;
        return (_chunksLength + (open * TransportWideFeedback.ChunkLength) + _deltasLength + 3) & ~3;
    }

    [InlineArray(StatusChunk.OneBitSymbols)]
    private struct Symbols
    {
        private byte _first;
    }
}
