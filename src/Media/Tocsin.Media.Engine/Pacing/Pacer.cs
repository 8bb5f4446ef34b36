using Tocsin.Media.Engine.Congestion;

namespace Tocsin.Media.Engine.Pacing;

/// <summary>
/// Lets the packets for one receiver go at the rate its path carries, by priority. Where the path is the bottleneck they leave in small bursts every 5 ms, because several datagrams
/// for one destination in one system call cost half of what they cost alone (UDP_SEGMENT); where it has room they leave at once, with whatever else came in the same turn. Audio
/// waits for a burst, but never longer than 5 ms, and for no budget.
/// </summary>
/// <remarks>
/// One thread. Allocates only when more wait than ever before. The caller owns the packets: what is refused or forgotten here is released there. What is refused first: packets that
/// would wait too long behind what is more important, so thumbnails before the speaker, video before audio, and audio only when its own queue is full.
/// </remarks>
public sealed class Pacer
{
    /// <summary>Longer, and bursts overflow short queues on the path and delay audio; shorter, and too few packets go together.</summary>
    public static readonly TimeSpan BurstInterval = TimeSpan.FromMilliseconds(5);

    /// <summary>Video that waits longer than this is better not sent: the next frames would come later still.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(300);

    /// <summary>What audio may use ahead of the rate before video has to wait for it.</summary>
    private static readonly TimeSpan LargestDebt = TimeSpan.FromMilliseconds(50);

    /// <summary>How late timers may call while a probe runs without making it slower than it is meant to be.</summary>
    private static readonly TimeSpan ProbeLateness = TimeSpan.FromMilliseconds(2);

    private const int Capacity = 1024;
    private const int Priorities = (int)PacketPriority.Thumbnail + 1;

    /// <summary>Side by side, so that looking at all of them costs little more than looking at one.</summary>
    private readonly PacketQueue[] _queues = CreateQueues();

    private BitRate _rate;

    /// <summary>At the present rate, below zero: see <see cref="LargestDebt"/>.</summary>
    private double _floor;

    private double _burstBytes;
    private double _probeLatenessBytes;

    /// <summary>Bytes that may leave now; below zero after a packet that was larger.</summary>
    private double _credit;

    private Instant _creditAt;
    private bool _hasStarted;
    private Instant _nextBurst = new(long.MinValue);
    private bool _isBurstOpen;
    private ProbeCluster _probe;
    private long _probeLeft;

    /// <summary>Of all packets together. May be changed at any time.</summary>
    public BitRate Rate
    {
        get => _rate;
        set
        {
            if (value == _rate)
                return;
            _rate = value;
            Measure();
        }
    }

    public Pacer() => Rate = BitRate.FromKilobits(300);

    public bool IsProbing => _probeLeft > 0;

    public long QueuedBytes { get; private set; }

    /// <summary>How long a packet of that priority would wait if it came now.</summary>
    public TimeSpan WaitOf(PacketPriority priority)
    {
        long ahead = 0;
        for (var index = 0; index <= (int)priority; index++)
            ahead += _queues[index].Bytes;
        return Rate > BitRate.Zero ? new DataSize(ahead) / Rate : TimeSpan.MaxValue;
    }

    /// <summary>Whether a packet of that priority would wait longer if it came now.</summary>
    /// <remarks>Asked several times for each packet, and nearly always answered by all that waits together, without a division.</remarks>
    public bool WouldWait(PacketPriority priority, TimeSpan longest) =>
        QueuedBytes * 8.0 * TimeSpan.TicksPerSecond >= (double)_rate.BitsPerSecond * longest.Ticks && WaitOf(priority) > longest;

    /// <summary>False where the packet would wait too long or finds no room: then it was not taken.</summary>
    /// <param name="longestWait">Null: <see cref="LongestWait"/>. Longer for what is worth nothing in part, as a key frame.</param>
    public bool TryEnqueue(Instant now, PacketPriority priority, int handle, int bytes, TimeSpan? longestWait = null)
    {
        if (priority != PacketPriority.Audio && WouldWait(priority, longestWait ?? LongestWait))
            return false;
        if (!_queues[(int)priority].TryAdd(new PacedPacket(handle, bytes, priority, now, ProbeCluster: 0)))
            return false;
        QueuedBytes += bytes;
        return true;
    }

    /// <summary>From now on packets leave at the probe's rate until it has its size; where none wait, <see cref="TryTakePadding"/> asks for some.</summary>
    public void BeginProbe(Instant now, in ProbeCluster cluster)
    {
        Refill(now);
        (_probe, _probeLeft, _credit) = (cluster, cluster.Size.Bytes, 0);
        Measure();
    }

    /// <summary>The next packet that leaves now, or false: ask again at <see cref="NextWakeUp"/>.</summary>
    public bool TryDequeue(Instant now, out PacedPacket packet)
    {
        packet = default;
        Refill(now);
        if (!_isBurstOpen && !MayOpenBurst(now))
            return false;
        foreach (ref var queue in _queues.AsSpan())
        {
            if (queue.Count == 0)
                continue;
            if (queue.First.Priority != PacketPriority.Audio && _credit < 0)
                break;
            packet = queue.Take() with { ProbeCluster = IsProbing ? _probe.Id : 0 };
            QueuedBytes -= packet.Bytes;
            Spend(packet.Bytes);
            _isBurstOpen = true;
            return true;
        }

        CloseBurst(now);
        return false;
    }

    /// <summary>While a probe has nothing else to send: how many bytes of padding, or of old packets sent again, are to leave now.</summary>
    /// <remarks>Ask after <see cref="TryDequeue"/> said false; say what was sent with <see cref="HandlePadding"/>.</remarks>
    public bool TryTakePadding(Instant now, out int bytes, out int probeCluster)
    {
        Refill(now);
        var isDue = IsProbing && _credit >= 0 && QueuedBytes == 0;
        bytes = isDue ? (int)Math.Min(_probeLeft, 1200) : 0;
        probeCluster = isDue ? _probe.Id : 0;
        return isDue;
    }

    public void HandlePadding(int bytes) => Spend(bytes);

    /// <summary>When something may leave; <see cref="Instant.Never"/> where nothing waits.</summary>
    public Instant NextWakeUp
    {
        get
        {
            ref readonly var audio = ref _queues[(int)PacketPriority.Audio];
            var isEmpty = QueuedBytes == 0;
            if (isEmpty && !IsProbing)
                return Instant.Never;
            var next = audio.Count > 0 ? Instant.Earlier(_nextBurst, audio.First.EnqueuedAt + BurstInterval) : Instant.Never;
            if (audio.Bytes == QueuedBytes && !IsProbing)
                return next;
            // A probe is not sent in bursts: they would measure themselves.
            var credit = _credit >= 0 ? _creditAt : _creditAt + CreditTime();
            var others = IsProbing || credit > _nextBurst ? credit : _nextBurst;
            return Instant.Earlier(next, others);
        }
    }

    private BitRate PresentRate => IsProbing ? _probe.Rate : Rate;

    private bool MayOpenBurst(Instant now)
    {
        ref readonly var audio = ref _queues[(int)PacketPriority.Audio];
        return now >= _nextBurst || (IsProbing && _credit >= 0) || (audio.Count > 0 && now - audio.First.EnqueuedAt >= BurstInterval);
    }

    private void CloseBurst(Instant now)
    {
        if (_isBurstOpen)
            _nextBurst = QueuedBytes == 0 ? now : now + BurstInterval;
        _isBurstOpen = false;
    }

    private void Spend(int bytes)
    {
        // A packet that is larger than the debt allowed still counts in full.
        _credit = Math.Max(_credit - bytes, Math.Min(_floor, -bytes));
        if (_probeLeft == 0)
            return;
        _probeLeft = Math.Max(0, _probeLeft - bytes);
        if (_probeLeft == 0)
            Measure();
    }

    /// <summary>The present rate has changed: what is asked of it for each packet is reckoned once.</summary>
    private void Measure()
    {
        _floor = -(PresentRate * LargestDebt).Bytes;
        _burstBytes = (PresentRate * BurstInterval).Bytes;
        _probeLatenessBytes = (PresentRate * ProbeLateness).Bytes;
    }

    /// <summary>Time becomes credit, up to what one burst sends: silence is not saved up.</summary>
    private void Refill(Instant now)
    {
        if (!_hasStarted)
            (_creditAt, _hasStarted, _credit) = (now, true, _burstBytes);
        if (now <= _creditAt)
            return;
        var earned = PresentRate.BitsPerSecond / 8.0 * (now - _creditAt).TotalSeconds;
        _credit = Math.Min(_credit + earned, IsProbing ? _probeLatenessBytes : _burstBytes);
        _creditAt = now;
    }

    /// <summary>Rounded up, so that the credit is there when the time has come.</summary>
    private TimeSpan CreditTime() =>
        PresentRate > BitRate.Zero ? TimeSpan.FromTicks(1 + (long)(-_credit * 8 * TimeSpan.TicksPerSecond / PresentRate.BitsPerSecond)) : LongestWait;

    private static PacketQueue[] CreateQueues()
    {
        var queues = new PacketQueue[Priorities];
        for (var index = 0; index < queues.Length; index++)
            queues[index] = new PacketQueue(Capacity);
        return queues;
    }
}
