using Tocsin.Media.Engine;
using Tocsin.Media.Engine.Feedback;
using Tocsin.Media.Forwarding.Parameters;
using Tocsin.Media.Forwarding.Subscribing;
using Tocsin.Media.Wire.Arithmetic;
using Tocsin.Media.Wire.Rtcp;

namespace Tocsin.Media.Forwarding.Tests.Simulation;

/// <summary>One track as a browser receives it, which finds fault with all that a browser would stumble over.</summary>
internal abstract class ReceivedTrack(Consumer consumer)
{
    public Consumer Consumer { get; } = consumer;

    public uint Ssrc { get; } = consumer.Parameters.Encodings[0].Ssrc!.Value;

    /// <summary>Null where lost packets are not asked for.</summary>
    public NackGenerator? Nacks { get; set; } = consumer.Kind == MediaKind.Video ? new NackGenerator() : null;

    public List<string> Faults { get; } = [];

    /// <summary>Packets that did not come as the next after the one before, in the stream itself: browsers ask at once for what they then miss.</summary>
    public int SeamCount { get; private set; }

    /// <summary>For messages.</summary>
    public string LatestSeam { get; private set; } = "none";

    private ushort latest;
    private bool hasLatest;

    /// <summary>A number of the stream itself has come, not of its retransmissions.</summary>
    public void NoteNumber(Instant now, ushort sequenceNumber)
    {
        if (hasLatest && sequenceNumber != (ushort)(latest + 1))
        {
            SeamCount++;
            LatestSeam = $"{sequenceNumber} after {latest} at {now.Nanoseconds / 1_000_000} ms";
        }

        (latest, hasLatest) = (sequenceNumber, true);
    }

    public SenderInformation? LatestReport { get; set; }

    public abstract void Receive(Instant now, ushort sequenceNumber, uint timestamp, bool marker, ReadOnlySpan<byte> payload);

    public virtual void HandleTime(Instant now)
    {
    }

    public virtual bool TakeKeyFrameRequest(Instant now) => false;
}

/// <summary>Audio: numbers and times go on together, and no number is missing that the network has not lost.</summary>
internal sealed class ReceivedAudio(Consumer consumer) : ReceivedTrack(consumer)
{
    private SequenceUnroller numbers;
    private TimestampUnroller timestamps;
    private (long Number, long Timestamp) newest;
    private readonly HashSet<long> seen = [];
    private long first;

    public int Count => seen.Count;

    /// <summary>Numbers that never came.</summary>
    public long Missing => Count == 0 ? 0 : newest.Number - first + 1 - Count;

    public uint LatestTimestamp { get; private set; }

    public Instant LatestCapturedAt { get; private set; }

    public TimeSpan LongestDelay { get; private set; }

    public override void Receive(Instant now, ushort sequenceNumber, uint timestamp, bool marker, ReadOnlySpan<byte> payload)
    {
        var number = numbers.Unroll(sequenceNumber);
        var time = timestamps.Unroll(timestamp);
        Nacks?.HandlePacket(now, sequenceNumber);
        if (seen.Count == 0)
            (first, newest) = (number, (number, time));
        seen.Add(number);
        first = Math.Min(first, number);
        if (number > newest.Number)
        {
            if (time <= newest.Timestamp)
                Faults.Add($"{now}: time goes back from {newest.Timestamp} to {time}");
            newest = (number, time);
            LatestTimestamp = timestamp;
            LatestCapturedAt = new Instant(System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(payload[4..]));
            LongestDelay = now - LatestCapturedAt > LongestDelay ? now - LatestCapturedAt : LongestDelay;
        }
    }
}
