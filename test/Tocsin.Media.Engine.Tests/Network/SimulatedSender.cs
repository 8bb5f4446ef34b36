using Tocsin.Media.Engine.Congestion;
using Tocsin.Media.Engine.Feedback;
using Tocsin.Media.Engine.Pacing;
using Tocsin.Media.Wire.Rtcp;

namespace Tocsin.Media.Engine.Tests.Network;

/// <summary>
/// A server that sends audio and video to one receiver over a <see cref="SimulatedPath"/>, in virtual time: estimator, pacer and feedback generator are the real ones.
/// Video is 30 frames a second at the estimate, up to what its source gives.
/// </summary>
internal sealed class SimulatedSender(SimulatedPath path, BitRate sourceLimit, BitRate wanted)
{
    private const int AudioBytes = 160;
    private const int VideoBytes = 1200;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan ReturnDelay = TimeSpan.FromMilliseconds(25);

    private readonly Pacer _pacer = new();
    private readonly TransportFeedbackGenerator _receiver = new(1);
    private readonly Queue<(Instant At, ushort Number)> _onTheWay = new();
    private readonly Queue<(Instant At, byte[] Datagram)> _returning = new();
    private Instant _now;
    private Instant _nextFrame;
    private Instant _nextAudio;
    private double _videoDebt;

    public BandwidthEstimator Estimator { get; } = new(BitRate.FromKilobits(300), BitRate.FromKilobits(50), BitRate.FromMegabits(20))
    {
        Wanted = wanted,
    };

    public BitRate SourceLimit { get; set; } = sourceLimit;

    /// <summary>Whether feedback comes back.</summary>
    public bool IsHeard { get; set; } = true;

    /// <summary>In seconds.</summary>
    public double BeginsAt
    {
        init
        {
            _now = default(Instant) + TimeSpan.FromSeconds(value);
            (_nextFrame, _nextAudio) = (_now, _now);
        }
    }

    public List<Sample> Samples { get; } = [];

    public int ProbeCount { get; private set; }

    public long SentPackets { get; private set; }

    public long LostPackets { get; private set; }

    public TimeSpan LongestAudioWait { get; private set; }

    /// <summary>Every 10 ms.</summary>
    public sealed record Sample(double Seconds, BitRate Estimate, TimeSpan QueueDelay);

    public void RunUntil(double seconds)
    {
        var end = default(Instant) + TimeSpan.FromSeconds(seconds);
        for (; _now < end; _now += Step)
        {
            Produce();
            Send();
            Receive();
            Estimator.HandleTimeout(_now);
            _pacer.Rate = Estimator.Estimate * 1.2;
            if (_now.Nanoseconds % 10_000_000 == 0)
                Samples.Add(new Sample(_now.Nanoseconds / 1e9, Estimator.Estimate, path.QueueDelay(_now)));
        }
    }

    public double MeanEstimate(double from, double to) => Between(from, to).Average(sample => sample.Estimate.BitsPerSecond) / 1e6;

    public double LowestEstimate(double from, double to) => Between(from, to).Min(sample => sample.Estimate.BitsPerSecond) / 1e6;

    public double HighestEstimate(double from, double to) => Between(from, to).Max(sample => sample.Estimate.BitsPerSecond) / 1e6;

    /// <summary>Of which 95 in 100 are no longer, in milliseconds.</summary>
    public double QueueDelay95(double from, double to)
    {
        var delays = Between(from, to).Select(sample => sample.QueueDelay.TotalMilliseconds).Order().ToList();
        return delays[(int)(delays.Count * 0.95)];
    }

    private IEnumerable<Sample> Between(double from, double to) => Samples.Where(sample => sample.Seconds >= from && sample.Seconds < to);

    private void Produce()
    {
        if (_now >= _nextAudio)
        {
            _pacer.TryEnqueue(_now, PacketPriority.Audio, 0, AudioBytes);
            _nextAudio += TimeSpan.FromMilliseconds(20);
        }

        if (_now < _nextFrame)
            return;
        var frame = TimeSpan.FromMilliseconds(1000.0 / 30);
        _nextFrame += frame;
        var audio = BitRate.FromKilobits(64);
        var rate = Estimator.Estimate > SourceLimit ? SourceLimit : Estimator.Estimate;
        if (rate <= audio)
            return;
        for (_videoDebt += ((rate - audio) * frame).Bytes; _videoDebt >= VideoBytes; _videoDebt -= VideoBytes)
            _pacer.TryEnqueue(_now, PacketPriority.Speaker, 0, VideoBytes);
    }

    private void Send()
    {
        if (Estimator.TryPlanProbe(_now, out var cluster))
        {
            ProbeCount++;
            _pacer.BeginProbe(_now, cluster);
        }

        while (_pacer.TryDequeue(_now, out var packet))
        {
            if (packet.Priority == PacketPriority.Audio && _now - packet.EnqueuedAt > LongestAudioWait)
                LongestAudioWait = _now - packet.EnqueuedAt;
            Transmit(packet.Bytes, packet.ProbeCluster);
        }

        while (_pacer.TryTakePadding(_now, out var bytes, out var probe))
        {
            Transmit(bytes, probe);
            _pacer.HandlePadding(bytes);
        }
    }

    private void Transmit(int bytes, int probe)
    {
        var number = Estimator.HandleSent(_now, bytes, probe);
        SentPackets++;
        if (path.Send(_now, bytes) is { } arrival)
            _onTheWay.Enqueue((arrival, number));
        else
            LostPackets++;
    }

    private void Receive()
    {
        while (_onTheWay.TryPeek(out var packet) && packet.At <= _now)
        {
            _onTheWay.Dequeue();
            _receiver.HandlePacket(packet.At, packet.Number, 5);
        }

        var buffer = new byte[1200];
        var writer = new RtcpWriter(buffer);
        if (_receiver.TryWrite(_now, ref writer) && IsHeard)
            _returning.Enqueue((_now + ReturnDelay, buffer[..writer.Length]));
        while (_returning.TryPeek(out var report) && report.At <= _now)
        {
            _returning.Dequeue();
            Assert.True(RtcpCompound.TryParse(report.Datagram, out var compound));
            Assert.True(compound.MoveNext());
            Assert.True(FeedbackMessage.TryParse(compound.Current, out var message));
            Assert.True(TransportWideFeedback.TryParse(message, out var feedback));
            Estimator.HandleFeedback(_now, feedback);
        }
    }
}
