namespace Tocsin.Media.Engine.Tests.Network;

/// <summary>A flow that takes whatever it gets, as TCP with Reno's rules does (RFC 5681): one packet more each round trip, half of them after a loss.</summary>
internal sealed class SimulatedDownload(SimulatedPath path)
{
    private const int PacketBytes = 1500;
    private static readonly TimeSpan ReturnDelay = TimeSpan.FromMilliseconds(25);

    private readonly PriorityQueue<(bool HasArrived, Instant SentAt), Instant> _answers = new();
    private double _window = 2;
    private double _threshold = 64;
    private int _inFlight;
    private Instant _reducedAt = new(long.MinValue / 2);

    public long DeliveredBytes { get; private set; }

    public void Run(Instant now)
    {
        while (_answers.TryPeek(out var answer, out var at) && at <= now)
        {
            _answers.Dequeue();
            _inFlight--;
            Answer(now, answer.HasArrived, answer.SentAt);
        }

        for (; _inFlight < (int)_window; _inFlight++)
        {
            // A loss shows when what was sent after it is answered: about a round trip later.
            var arrival = path.Send(now, PacketBytes);
            _answers.Enqueue((arrival is not null, now), (arrival ?? now + path.QueueDelay(now) + path.Delay) + ReturnDelay);
        }
    }

    private void Answer(Instant now, bool hasArrived, Instant sentAt)
    {
        if (hasArrived)
        {
            DeliveredBytes += PacketBytes;
            _window += _window < _threshold ? 1 : 1 / _window;
        }
        else if (sentAt > _reducedAt)
        {
            _window = Math.Max(2, _window / 2);
            (_threshold, _reducedAt) = (_window, now);
        }
    }
}
