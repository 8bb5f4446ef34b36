using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Tocsin.Media.Wire.Rtcp;

/// <remarks>draft-holmer-rmcat-transport-wide-cc-extensions-01 section 3.1.1. The value is how many bytes the delta has.</remarks>
internal enum StatusSymbol
{
    Missing = 0,
    SmallDelta = 1,
    LargeDelta = 2,
    Reserved = 3,
}

/// <summary>What is left of a chunk of packet statuses. Drawn at <see cref="TransportWideFeedback"/>.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct StatusChunk
{
    public const int MaximumRun = (1 << 13) - 1;
    public const int OneBitSymbols = 14;
    public const int TwoBitSymbols = 7;

    private readonly bool _isRun;
    private readonly int _bitsPerSymbol;

    /// <summary>Of a run, its symbol; of a vector, the symbols with the next in the highest of its 14 bits.</summary>
    private int _symbols;

    private StatusChunk(bool isRun, int bitsPerSymbol, int symbols, int count)
    {
        _isRun = isRun;
        _bitsPerSymbol = bitsPerSymbol;
        _symbols = symbols;
        Count = count;
    }

    /// <summary>Statuses that are left.</summary>
    public int Count { get; private set; }

    /// <param name="limit">How many statuses may count; what the chunk has beyond them is filling.</param>
    public static StatusChunk Read(ReadOnlySpan<byte> bytes, int limit)
    {
        var chunk = BinaryPrimitives.ReadUInt16BigEndian(bytes);
        if ((chunk & 0x8000) == 0)
            return new StatusChunk(isRun: true, 2, (chunk >> 13) & 3, Math.Min(chunk & MaximumRun, limit));
        return (chunk & 0x4000) == 0
            ? new StatusChunk(isRun: false, 1, chunk & 0x3FFF, Math.Min(OneBitSymbols, limit))
            : new StatusChunk(isRun: false, 2, chunk & 0x3FFF, Math.Min(TwoBitSymbols, limit));
    }

    /// <summary>The next symbol; all of a run of missing ones at once.</summary>
    public StatusSymbol Take(out int statuses)
    {
        if (Count == 0)
        {
            statuses = 0;
            return StatusSymbol.Missing;
        }

        if (_isRun)
        {
            statuses = _symbols == (int)StatusSymbol.Missing ? Count : 1;
            Count -= statuses;
            return (StatusSymbol)_symbols;
        }

        statuses = 1;
        Count--;
        var symbol = _symbols >> (OneBitSymbols - _bitsPerSymbol);
        _symbols = (_symbols << _bitsPerSymbol) & 0x3FFF;
        return (StatusSymbol)symbol;
    }

    /// <summary>False where a symbol is the reserved one.</summary>
    public readonly bool TryCountDeltaBytes(out int bytes)
    {
        bytes = 0;
        if (_isRun)
        {
            bytes = _symbols * Count;
            return _symbols != (int)StatusSymbol.Reserved || Count == 0;
        }

        var rest = this;
        while (rest.Count > 0)
        {
            var symbol = rest.Take(out _);
            if (symbol == StatusSymbol.Reserved)
                return false;
            bytes += (int)symbol;
        }

        return true;
    }
}
