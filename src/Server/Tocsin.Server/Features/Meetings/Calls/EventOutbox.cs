using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Tocsin.Server.Features.Meetings.Signalling;

namespace Tocsin.Server.Features.Meetings.Calls;

/// <summary>What one stream of one participant has yet to hear, in order. Any thread writes; one reads.</summary>
/// <remarks>Bounded: who does not read is told so by <see cref="LeaveReason.TooSlow"/>, and reads the whole state anew when they come back. The meeting does not wait for them.</remarks>
internal sealed class EventOutbox
{
    public const int Capacity = 512;

    // Commits of a large call: some twenty may wait. Characters; one text is shared by all who wait for it.
    public const int HeaviestKept = 8 * 1024 * 1024;

    // A batch is one message of the hub: it must not grow without bound either.
    private const int LargestBatch = 64;

    // One more than is kept, so that the last word always finds room.
    private readonly Channel<MeetingEvent> waiting = Channel.CreateUnbounded<MeetingEvent>(new UnboundedChannelOptions { SingleReader = true });
    private int count;
    private int weight;
    private int isEnded;

    public void Add(MeetingEvent happened)
    {
        if (Volatile.Read(ref isEnded) != 0) return;
        if (Interlocked.Increment(ref count) > Capacity || Interlocked.Add(ref weight, happened.Weight) > HeaviestKept) End(new Left(LeaveReason.TooSlow));
        else waiting.Writer.TryWrite(happened);
    }

    /// <summary>The last event; what is added after it is lost.</summary>
    public void End(Left last)
    {
        if (Interlocked.Exchange(ref isEnded, 1) != 0) return;
        waiting.Writer.TryWrite(last);
        waiting.Writer.TryComplete();
    }

    public async IAsyncEnumerable<MeetingBatch> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await waiting.Reader.WaitToReadAsync(cancellationToken))
        {
            var batch = new List<MeetingEvent>();
            while (batch.Count < LargestBatch && waiting.Reader.TryRead(out var happened)) batch.Add(happened);
            Interlocked.Add(ref count, -batch.Count);
            Interlocked.Add(ref weight, -batch.Sum(happened => happened.Weight));
            yield return new MeetingBatch(batch);
        }
    }
}
