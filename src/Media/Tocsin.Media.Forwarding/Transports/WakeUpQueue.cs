using Tocsin.Media.Engine;

namespace Tocsin.Media.Forwarding.Transports;

/// <summary>Which transport wants to be called next: a binary heap in which each knows its place, so that a wake-up can be moved.</summary>
/// <remarks>One thread. Allocates only when more transports wait than ever before. Moving or taking one costs the logarithm of their number.</remarks>
internal sealed class WakeUpQueue
{
    private const int NotQueued = -1;

    private Transport[] heap = new Transport[16];
    private int count;

    public Instant Next => count == 0 ? Instant.Never : heap[0].QueuedFor;

    /// <summary>Calls the transport at <paramref name="at"/>, whatever was asked before; never: not at all.</summary>
    public void Set(Transport transport, Instant at)
    {
        if (at == Instant.Never)
        {
            Remove(transport);
            return;
        }

        transport.QueuedFor = at;
        if (transport.QueueIndex == NotQueued)
        {
            if (count == heap.Length)
                Array.Resize(ref heap, 2 * count);
            Place(transport, count++);
        }

        SiftDown(SiftUp(transport.QueueIndex));
    }

    public bool TryTakeDue(Instant now, out Transport transport)
    {
        transport = count > 0 ? heap[0] : null!;
        if (count == 0 || transport.QueuedFor > now)
            return false;
        Remove(transport);
        return true;
    }

    public void Remove(Transport transport)
    {
        var index = transport.QueueIndex;
        transport.QueuedFor = Instant.Never;
        if (index == NotQueued)
            return;
        transport.QueueIndex = NotQueued;
        var last = heap[--count];
        heap[count] = null!;
        if (index == count)
            return;
        Place(last, index);
        SiftDown(SiftUp(index));
    }

    private void Place(Transport transport, int index)
    {
        heap[index] = transport;
        transport.QueueIndex = index;
    }

    private int SiftUp(int index)
    {
        var transport = heap[index];
        for (var parent = (index - 1) / 2; index > 0 && transport.QueuedFor < heap[parent].QueuedFor; parent = (index - 1) / 2)
        {
            Place(heap[parent], index);
            index = parent;
        }

        Place(transport, index);
        return index;
    }

    private void SiftDown(int index)
    {
        var transport = heap[index];
        while (true)
        {
            var child = (2 * index) + 1;
            if (child + 1 < count && heap[child + 1].QueuedFor < heap[child].QueuedFor)
                child++;
            if (child >= count || heap[child].QueuedFor >= transport.QueuedFor)
                break;
            Place(heap[child], index);
            index = child;
        }

        Place(transport, index);
    }
}
