namespace Tocsin.Alerting.Channels.Sms.Smpp;

/// <summary>Collects PDUs while the ones before them are being written, so that a busy session writes many at once and an idle one writes each at once.</summary>
/// <remarks>Any thread appends; one loop takes. Bounded: a peer that does not read is given up.</remarks>
internal sealed class OutboundBuffer : IDisposable
{
    /// <summary>Some four thousand submissions: more than any window, so only a peer that asks without reading the answers gets here.</summary>
    private const int MostOctets = 1024 * 1024;

    private readonly Lock gate = new();
    private readonly SemaphoreSlim filledSignal = new(0, 1);
    private byte[] filling = new byte[16 * 1024];
    private byte[] taken = new byte[16 * 1024];
    private int filled;
    private bool closed;

    /// <summary>Writes one PDU into the span and says how long it is; 0 where it does not fit the protocol.</summary>
    public delegate int Writer<TState>(Span<byte> destination, TState state)
        where TState : allows ref struct;

    /// <param name="most">The longest that it can be.</param>
    /// <returns>False once the buffer is closed or full, or where nothing was written.</returns>
    public bool TryAppend<TState>(int most, Writer<TState> write, TState state)
        where TState : allows ref struct
    {
        lock (gate)
        {
            if (closed || filled + most > MostOctets)
                return false;
            if (filling.Length - filled < most)
                Array.Resize(ref filling, Math.Max(2 * filling.Length, filled + most));
            var written = write(filling.AsSpan(filled, most), state);
            if (written == 0)
                return false;
            if (filled == 0 && filledSignal.CurrentCount == 0)
                filledSignal.Release();
            filled += written;
            return true;
        }
    }

    /// <summary>All that was appended since the last call; valid until the next. Empty once closed and taken.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> TakeAsync()
    {
        while (true)
        {
            await filledSignal.WaitAsync();
            lock (gate)
            {
                if (filled == 0 && !closed)
                    continue;
                var length = filled;
                (filling, taken) = (taken, filling);
                filled = 0;
                if (closed && filledSignal.CurrentCount == 0)
                    filledSignal.Release();
                return taken.AsMemory(0, length);
            }
        }
    }

    /// <summary>No more is appended; what was is still taken.</summary>
    public void Close()
    {
        lock (gate)
        {
            closed = true;
            if (filledSignal.CurrentCount == 0)
                filledSignal.Release();
        }
    }

    public void Dispose() => filledSignal.Dispose();
}
