using System.Runtime.InteropServices;

namespace Tocsin.Media.Engine.Congestion;

/// <summary>How two groups of packets that follow each other were spaced when they left and when they arrived.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct GroupSpacing(TimeSpan Departure, TimeSpan Arrival, Instant ArrivedAt)
{
    /// <summary>What a queue on the path grew by between the two.</summary>
    public TimeSpan DelayVariation => Arrival - Departure;
}

/// <summary>Puts packets that left together into groups: within a burst, spacing says nothing of queues.</summary>
/// <remarks>draft-ietf-rmcat-gcc-02 section 5.2. One thread. Does not allocate.</remarks>
internal sealed class PacketGroups
{
    /// <remarks>Section 5.2: packets sent within this time are one group.</remarks>
    private static readonly TimeSpan BurstTime = TimeSpan.FromMilliseconds(5);

    /// <summary>Packets that a path held back and let go together count as one group up to so long.</summary>
    private static readonly TimeSpan LongestBurst = TimeSpan.FromMilliseconds(100);

    /// <summary>A pause of the receiver's, not of the path: what was measured before means nothing any more.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(3);

    private Group _previous;
    private Group _current;

    /// <summary>Adds a packet that arrived, in the order of sending. True where it begins a group and the two before it can be compared.</summary>
    public bool TryAdd(in PacketResult packet, out GroupSpacing spacing)
    {
        spacing = default;
        if (!_current.HasStarted)
        {
            _current = Group.Of(packet);
            return false;
        }

        if (packet.SentAt < _current.FirstSentAt)
            return false;
        if (BelongsToCurrent(packet))
        {
            _current.Add(packet);
            return false;
        }

        var comparable = _previous.HasStarted && TryCompare(out spacing);
        _previous = _current;
        _current = Group.Of(packet);
        return comparable;
    }

    private bool TryCompare(out GroupSpacing spacing)
    {
        spacing = new GroupSpacing(_current.LastSentAt - _previous.LastSentAt, _current.LastArrival - _previous.LastArrival, _current.LastArrival);
        if (spacing.DelayVariation > LongestPause)
        {
            _previous = default;
            return false;
        }

        // Groups that overtook each other cannot be told apart from a queue that emptied.
        return spacing.Arrival >= TimeSpan.Zero;
    }

    private bool BelongsToCurrent(in PacketResult packet)
    {
        if (packet.SentAt - _current.FirstSentAt <= BurstTime)
            return true;
        var arrival = packet.Arrival - _current.LastArrival;
        var variation = arrival - (packet.SentAt - _current.LastSentAt);
        return variation < TimeSpan.Zero && arrival <= BurstTime && packet.Arrival - _current.FirstArrival < LongestBurst;
    }

    [StructLayout(LayoutKind.Auto)]
    private struct Group
    {
        public bool HasStarted;
        public Instant FirstSentAt;
        public Instant LastSentAt;
        public Instant FirstArrival;
        public Instant LastArrival;

        public static Group Of(in PacketResult packet) => new()
        {
            HasStarted = true,
            FirstSentAt = packet.SentAt,
            LastSentAt = packet.SentAt,
            FirstArrival = packet.Arrival,
            LastArrival = packet.Arrival,
        };

        public void Add(in PacketResult packet)
        {
            LastSentAt = packet.SentAt > LastSentAt ? packet.SentAt : LastSentAt;
            LastArrival = packet.Arrival > LastArrival ? packet.Arrival : LastArrival;
        }
    }
}
