using System.Runtime.InteropServices;
using Tocsin.Media.Engine;
using Tocsin.Media.Forwarding.Subscribing;
using Tocsin.Media.Wire.Arithmetic;
using Tocsin.Media.Wire.Payloads;

namespace Tocsin.Media.Forwarding.Tests.Simulation;

/// <summary>
/// A VP8 track as a browser's jitter buffer and decoder take it. It decides from the RTP header and the payload descriptor alone what to decode when, as a browser does, and
/// then holds each decoded frame against the truth that it carries: was what it refers to decoded, in the same encoding, and does its time agree with when it was taken?
/// </summary>
/// <remarks>RFC 7741. Stricter than browsers: picture ids and TL0PICIDX go on one by one after repair, also over switches.</remarks>
internal sealed class ReceivedVideo(Consumer consumer) : ReceivedTrack(consumer)
{
    /// <summary>What is missing for longer does not come any more; a browser asks for a key frame.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(800);

    private readonly SortedDictionary<long, Packet> packets = [];
    private readonly HashSet<int> decoded = [];
    private SequenceUnroller numbers;

    /// <summary>The first that is not decoded, in order.</summary>
    private long next;

    private bool hasBegun;
    private bool mayJump = true;
    private Instant begunAt;
    private Instant stuckSince = Instant.Never;
    private Instant askedAt;
    private Decoded last;
    private int fillersSinceFrame;

    public int DecodedCount { get; private set; }

    public int KeyFrameCount { get; private set; }

    /// <summary>Frames of each encoding.</summary>
    public int[] DecodedOf { get; } = new int[4];

    /// <summary>Frames of each temporal layer.</summary>
    public int[] DecodedLayers { get; } = new int[4];

    public int EncodingNow => last.Encoding;

    /// <summary>Frames begun and cut by a key frame.</summary>
    public int AbandonedCount { get; private set; }

    /// <summary>Times that nothing came for so long that a key frame was asked for.</summary>
    public int StallCount { get; private set; }

    public int FillerCount { get; private set; }

    public TimeSpan LongestDelay { get; private set; }

    /// <summary>By how much a picture was shown at another time than the one before it suggests, over switches.</summary>
    public TimeSpan LargestTimeError { get; private set; }

    public Instant FirstDecodedAt { get; private set; }

    public Instant LastDecodedAt { get; private set; }

    public TimeSpan LongestFreeze { get; private set; }

    public uint LatestTimestamp => last.Timestamp;

    public Instant LatestCapturedAt => last.CapturedAt;

    /// <summary>Forgets what was longest until now.</summary>
    public void ResetExtremes() => (LongestDelay, LongestFreeze, LargestTimeError) = (TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero);

    public override void Receive(Instant now, ushort sequenceNumber, uint timestamp, bool marker, ReadOnlySpan<byte> payload)
    {
        Nacks!.HandlePacket(now, sequenceNumber);
        var number = numbers.Unroll(sequenceNumber);
        if (!hasBegun)
            (next, hasBegun, begunAt) = (number, true, now);
        if (number < next && mayJump && DecodedCount == 0)
            next = number;
        if (number < next || packets.ContainsKey(number))
            return;
        packets[number] = Packet.Read(timestamp, marker, payload);
        Advance(now);
    }

    public override void HandleTime(Instant now)
    {
        if (stuckSince != Instant.Never && now - stuckSince > Patience)
            Jump(now);
    }

    public override bool TakeKeyFrameRequest(Instant now)
    {
        // The first packet may be lost, which nothing after it shows: browsers ask again for what they cannot begin without.
        var waitsSince = hasBegun && DecodedCount == 0 ? begunAt : stuckSince;
        if (waitsSince == Instant.Never || now - waitsSince < Patience || now - askedAt < Patience)
            return false;
        askedAt = now;
        StallCount++;
        return true;
    }

    private void Advance(Instant now)
    {
        while (packets.TryGetValue(next, out var packet))
        {
            if (packet.IsEmpty)
            {
                FillerCount++;
                fillersSinceFrame++;
                packets.Remove(next++);
            }
            else if (!packet.Descriptor.StartsFrame)
            {
                if (!mayJump)
                    Faults.Add($"{now.Nanoseconds}: number {next} goes on with a frame that did not begin");
                packets.Remove(next++);
            }
            else if (!TryDecode(now, next))
            {
                break;
            }
        }

        var isStuck = packets.Count > 0;
        stuckSince = !isStuck ? Instant.Never : stuckSince == Instant.Never ? now : stuckSince;
    }

    /// <summary>Goes on with the next key frame that is whole.</summary>
    private void Jump(Instant now)
    {
        foreach (var (number, packet) in packets)
        {
            if (packet.IsEmpty || !packet.Descriptor.StartsKeyFrame || !TryFindEnd(number, out var end, out var isCut) || isCut || end < 0)
                continue;
            foreach (var skipped in packets.Keys.Where(key => key < number).ToArray())
                packets.Remove(skipped);
            (next, mayJump, stuckSince) = (number, true, Instant.Never);
            Advance(now);
            return;
        }
    }

    /// <returns>False where packets are still to come.</returns>
    private bool TryDecode(Instant now, long start)
    {
        if (!TryFindEnd(start, out var end, out var isCut))
            return false;
        var first = packets[start];
        if (isCut)
        {
            AbandonedCount++;
            if (packets[end + 1].Descriptor.StartsKeyFrame)
                mayJump = true;
            else
                Faults.Add($"{now.Nanoseconds}: a frame was cut, and no key frame follows");
        }
        else
        {
            Decode(now, first, start, end);
        }

        for (; next <= end; next++)
            packets.Remove(next);
        return true;
    }

    private bool TryFindEnd(long start, out long end, out bool isCut)
    {
        var first = packets[start];
        isCut = false;
        for (end = start; packets.TryGetValue(end, out var packet); end++)
        {
            if (packet.IsEmpty)
                continue;
            if (end > start && (packet.Timestamp != first.Timestamp || packet.Descriptor.StartsFrame))
            {
                end--;
                isCut = true;
                return true;
            }

            if (packet.Marker)
                return true;
        }

        return false;
    }

    private void Decode(Instant now, Packet first, long start, long end)
    {
        var (descriptor, truth) = (first.Descriptor, first.Truth);
        if (!descriptor.StartsKeyFrame && DecodedCount == 0)
            return;
        for (var (number, index) = (start, 0); number <= end; number++)
        {
            if (packets[number].IsEmpty)
                continue;
            if (packets[number].Truth != truth with { PacketIndex = index })
                Faults.Add($"{now.Nanoseconds}: packet {number} is {packets[number].Truth}, not {index} of {truth}");
            index++;
        }

        CheckOrder(now, descriptor, first.Timestamp, truth);
        if (descriptor.StartsKeyFrame)
        {
            decoded.Clear();
            KeyFrameCount++;
        }
        else if (truth.Encoding != last.Encoding || !decoded.Contains(truth.ReferenceIndex))
        {
            Faults.Add($"{now.Nanoseconds}: {truth} of layer {descriptor.TemporalId} cannot be decoded after {last}");
        }

        decoded.Add(truth.FrameIndex);
        (mayJump, fillersSinceFrame) = (false, 0);
        last = new Decoded(descriptor.PictureId, descriptor.BaseLayerIndex, first.Timestamp, truth.Encoding, truth.FrameIndex, truth.CapturedAt);
        Count(now, descriptor, truth);
    }

    private void Count(Instant now, in Vp8Descriptor descriptor, in FramePayload truth)
    {
        if (DecodedCount++ == 0)
            FirstDecodedAt = now;
        else if (now - LastDecodedAt > LongestFreeze)
            LongestFreeze = now - LastDecodedAt;
        LastDecodedAt = now;
        DecodedOf[truth.Encoding]++;
        DecodedLayers[descriptor.TemporalId]++;
        LongestDelay = now - truth.CapturedAt > LongestDelay ? now - truth.CapturedAt : LongestDelay;
    }

    private void CheckOrder(Instant now, in Vp8Descriptor descriptor, uint timestamp, in FramePayload truth)
    {
        if (mayJump || DecodedCount == 0)
            return;
        // An upper picture that was lost whole and then not wanted leaves its id unused: browsers do without for these two.
        var mayMiss = fillersSinceFrame > 0 && (descriptor.TemporalId == 0 || descriptor.IsLayerSync);
        var step = (descriptor.PictureId - last.PictureId) & 0x7FFF;
        if (step != 1 && !(mayMiss && step is > 1 and < 8))
            Faults.Add($"{now.Nanoseconds}: picture {descriptor.PictureId} after {last.PictureId}");
        var expectedBase = (byte)(last.BaseLayerIndex + (descriptor.TemporalId == 0 ? 1 : 0));
        if (descriptor.BaseLayerIndex != expectedBase)
            Faults.Add($"{now.Nanoseconds}: base layer {descriptor.BaseLayerIndex}, not {expectedBase}");
        var elapsed = RtpTimestamp.Distance(last.Timestamp, timestamp);
        if (elapsed <= 0)
            Faults.Add($"{now.Nanoseconds}: time steps by {elapsed}");
        var error = (TimeSpan.FromSeconds(elapsed / 90_000.0) - (truth.CapturedAt - last.CapturedAt)).Duration();
        LargestTimeError = error > LargestTimeError ? error : LargestTimeError;
        if (truth.Encoding == last.Encoding && truth.FrameIndex > last.FrameIndex && !descriptor.StartsKeyFrame && error > TimeSpan.FromMilliseconds(1))
            Faults.Add($"{now.Nanoseconds}: time is wrong by {error}");
    }

    private sealed record Packet(uint Timestamp, bool Marker, bool IsEmpty, Vp8Descriptor Descriptor, FramePayload Truth)
    {
        public static Packet Read(uint timestamp, bool marker, ReadOnlySpan<byte> payload)
        {
            if (payload.IsEmpty)
                return new Packet(timestamp, marker, true, default, default);
            Assert.True(Vp8Descriptor.TryParse(payload, out var descriptor));
            return new Packet(timestamp, marker, false, descriptor, FramePayload.Read(payload));
        }
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Decoded(ushort PictureId, byte BaseLayerIndex, uint Timestamp, int Encoding, int FrameIndex, Instant CapturedAt);
}
