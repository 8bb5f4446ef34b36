using Tocsin.Media.Engine;
using Tocsin.Media.Forwarding.Publishing;
using Tocsin.Media.Wire.Rtp;

namespace Tocsin.Media.Forwarding.Transports;

/// <summary>Tells which published stream a packet is of: by its SSRC where that is known, else by its MID and RID, which browsers send only at first.</summary>
/// <remarks>RFC 8843 section 9.2, RFC 8852. The meeting's thread. Bounded: a stream has one SSRC, and one of retransmissions. Finding does not allocate.</remarks>
internal sealed class StreamDemultiplexer
{
    /// <summary>A browser changes an SSRC when a track is replaced, not by the packet.</summary>
    private static readonly TimeSpan ShortestLife = TimeSpan.FromSeconds(1);

    /// <summary>As many as a browser gives up at once: three encodings with their retransmissions, of two tracks.</summary>
    private const int RememberedRetired = 12;

    private readonly Dictionary<uint, Binding> bySsrc = [];

    /// <summary>SSRCs that were a stream's before it began anew: what still comes of them has numbers that mean something else now.</summary>
    private readonly uint[] retired = new uint[RememberedRetired];

    private int retiredCount;
    private readonly List<Binding> streams = [];

    /// <summary>False where its MID or one of its SSRCs is another's.</summary>
    public bool TryAdd(Producer producer)
    {
        if (streams.Exists(binding => IsInConflict(binding.Stream.Producer, producer)))
            return false;
        foreach (var stream in producer.Streams)
        {
            var binding = new Binding(stream);
            streams.Add(binding);
            if (stream.Encoding.Ssrc is { } ssrc)
            {
                Forget(ssrc);
                bySsrc[ssrc] = binding;
                binding.Ssrc = ssrc;
                stream.Begin(ssrc);
            }

            if (stream.Encoding.RtxSsrc is { } rtx)
            {
                Forget(rtx);
                bySsrc[rtx] = binding;
                binding.RtxSsrc = rtx;
            }
        }

        return true;
    }

    public void Remove(Producer producer)
    {
        for (var index = streams.Count - 1; index >= 0; index--)
        {
            var binding = streams[index];
            if (binding.Stream.Producer != producer)
                continue;
            Forget(binding.Ssrc);
            Forget(binding.RtxSsrc);
            streams.RemoveAt(index);
        }
    }

    /// <summary>By SSRC alone, as reports name it.</summary>
    public PublishedStream? Find(uint ssrc) => bySsrc.TryGetValue(ssrc, out var binding) && binding.Ssrc == ssrc ? binding.Stream : null;

    /// <summary>Null where it is of no published stream.</summary>
    /// <param name="codec">What its payload type stands for.</param>
    public PublishedStream? Find(Instant now, in RtpPacket packet, in IncomingExtensions extensions, out TrackCodec codec, out bool isRetransmission)
    {
        codec = null!;
        isRetransmission = false;
        if (!bySsrc.TryGetValue(packet.Ssrc, out var binding))
            binding = TryBind(now, packet, extensions);
        if (binding is null)
            return null;
        isRetransmission = packet.Ssrc == binding.RtxSsrc;
        foreach (var candidate in binding.Stream.Producer.Track.Codecs)
        {
            if (packet.PayloadType == (isRetransmission ? candidate.RtxPayloadType : candidate.PayloadType))
            {
                codec = candidate;
                return binding.Stream;
            }
        }

        return null;
    }

    private static bool IsInConflict(Producer existing, Producer added)
    {
        if (existing.Track.Mid.Length > 0 && existing.Track.Mid == added.Track.Mid)
            return true;
        foreach (var encoding in existing.Track.Encodings)
        {
            foreach (var other in added.Track.Encodings)
            {
                if (Same(encoding.Ssrc, other.Ssrc) || Same(encoding.Ssrc, other.RtxSsrc) || Same(encoding.RtxSsrc, other.Ssrc) || Same(encoding.RtxSsrc, other.RtxSsrc))
                    return true;
            }
        }

        return false;
    }

    private static bool Same(uint? left, uint? right) => left is not null && left == right;

    private Binding? TryBind(Instant now, in RtpPacket packet, in IncomingExtensions extensions)
    {
        foreach (var binding in streams)
        {
            var track = binding.Stream.Producer.Track;
            if ((extensions.Mid.Length > 0 && extensions.Mid != track.Mid) || (extensions.Mid.Length == 0 && !IsOnlyTrackWith(binding, extensions)))
                continue;
            var rid = binding.Stream.Encoding.Rid;
            var isRetransmission = rid.Length > 0 ? extensions.RepairedRid == rid : IsRetransmissionOf(track, packet.PayloadType);
            if (rid.Length > 0 && !isRetransmission && extensions.Rid != rid)
                continue;
            if (rid.Length == 0 && track.Encodings.Length > 1)
                continue;
            return Bind(now, binding, packet.Ssrc, isRetransmission);
        }

        return null;
    }

    /// <summary>Without a MID, a RID tells the stream only where no other track has the same.</summary>
    private bool IsOnlyTrackWith(Binding binding, in IncomingExtensions extensions)
    {
        var rid = extensions.Rid.Length > 0 ? extensions.Rid : extensions.RepairedRid;
        if (rid.Length == 0)
            return false;
        foreach (var other in streams)
        {
            if (other != binding && other.Stream.Encoding.Rid == rid)
                return false;
        }

        return true;
    }

    private static bool IsRetransmissionOf(PublishedTrack track, byte payloadType)
    {
        foreach (var codec in track.Codecs)
        {
            if (codec.RtxPayloadType == payloadType)
                return true;
        }

        return false;
    }

    private Binding? Bind(Instant now, Binding binding, uint ssrc, bool isRetransmission)
    {
        var previous = isRetransmission ? binding.RtxSsrc : binding.Ssrc;
        if (ssrc == 0 || retired.Contains(ssrc) || (previous != 0 && now - binding.BoundAt < ShortestLife))
            return null;
        Retire(previous);
        if (previous != 0 && !isRetransmission)
            Retire(binding.RtxSsrc);
        binding.BoundAt = now;
        bySsrc[ssrc] = binding;
        if (isRetransmission)
        {
            binding.RtxSsrc = ssrc;
        }
        else
        {
            binding.Ssrc = ssrc;
            binding.Stream.Begin(ssrc);
        }

        return binding;
    }

    private void Retire(uint ssrc)
    {
        if (ssrc == 0)
            return;
        Forget(ssrc);
        retired[retiredCount++ % RememberedRetired] = ssrc;
    }

    /// <summary>A stream that was told beforehand takes an SSRC from one that only used it.</summary>
    private void Forget(uint ssrc)
    {
        if (ssrc == 0 || !bySsrc.Remove(ssrc, out var binding))
            return;
        if (binding.Ssrc == ssrc)
            binding.Ssrc = 0;
        if (binding.RtxSsrc == ssrc)
            binding.RtxSsrc = 0;
    }

    private sealed class Binding(PublishedStream stream)
    {
        public PublishedStream Stream { get; } = stream;

        /// <summary>0 while it is not known.</summary>
        public uint Ssrc { get; set; }

        /// <inheritdoc cref="Ssrc"/>
        public uint RtxSsrc { get; set; }

        public Instant BoundAt { get; set; } = new(long.MinValue / 2);
    }
}
