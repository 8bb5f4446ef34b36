using System.Buffers.Binary;
using Tocsin.Media.Wire.Rtp;

namespace Tocsin.Media.Engine.Srtp;

/// <summary>Authenticates and decrypts what one peer sends, and drops what was received before. Owns its contexts; <see cref="Dispose"/> wipes them.</summary>
/// <remarks>
/// RFC 3711, RFC 7714. One thread at a time. Nothing is allocated but the state of an SSRC at its first authentic packet; nothing is kept of a packet
/// that is not authentic. MKI is not negotiated and not understood.
/// </remarks>
public sealed class SrtpReceiver : IDisposable
{
    /// <summary>
    /// SSRCs remembered at once, for RTP and for RTCP: a browser has some 12, and makes new ones with each camera or screen it turns on. Past that the one
    /// idle longest is forgotten, which lets the holder of a recording replay a stream that old, and no one else lose a new one.
    /// </summary>
    public const int MaximumSources = 1_024;

    // 1,024 packets are half a second of the fastest video, past any reordering that a jitter buffer would still wait for.
    private const int WindowSize = 1_024;
    private const uint EncryptedBit = 0x8000_0000;
    private readonly SrtpCipher _cipher;
    private readonly SourceTable _rtp = new();
    private readonly SourceTable _rtcp = new();
    private SrtpStatistics _statistics;

    public SrtpReceiver(SrtpMasterKey key)
        : this(SrtpCipher.CreateDecryption(key))
    {
    }

    internal SrtpReceiver(SrtpCipher cipher) => _cipher = cipher;

    public SrtpStatistics Statistics => _statistics;

    /// <summary>Decrypts one packet.</summary>
    /// <param name="destination">At least as long as <paramref name="packet"/>; the same memory, or apart. Undefined after a refusal.</param>
    /// <param name="written">The length of the plain packet; 0 where it was refused.</param>
    public SrtpResult UnprotectRtp(ReadOnlySpan<byte> packet, Span<byte> destination, out int written)
    {
        written = 0;
        if (!RtpHeader.TryParse(packet, out var shape) || packet.Length < shape.Length + _cipher.RtpOverhead)
        {
            return _statistics.Count(SrtpResult.Malformed);
        }
        var window = _rtp.Find(shape.Ssrc);
        var index = RolloverCounter.GuessIndex(window?.Highest ?? -1, shape.SequenceNumber);
        if (index < 0) return _statistics.Count(SrtpResult.TooOld);
        var result = window?.Check(index) ?? SrtpResult.Ok;
        if (result != SrtpResult.Ok) return _statistics.Count(result);
        if (!_cipher.TryUnprotectRtp(packet, shape.Length, shape.Ssrc, (ulong)index, destination)) return _statistics.Count(SrtpResult.Forged);

        (window ?? _rtp.Add(shape.Ssrc)).MarkSeen(index);
        written = packet.Length - _cipher.RtpOverhead;
        return _statistics.Count(SrtpResult.Ok);
    }

    /// <inheritdoc cref="UnprotectRtp"/>
    public SrtpResult UnprotectRtcp(ReadOnlySpan<byte> packet, Span<byte> destination, out int written)
    {
        written = 0;
        if (packet.Length < SrtpCipher.RtcpHeaderLength + _cipher.RtcpOverhead || packet[0] >> 6 != 2) return _statistics.Count(SrtpResult.Malformed);
        var indexField = _cipher.ReadRtcpIndexField(packet);
        if ((indexField & EncryptedBit) == 0) return _statistics.Count(SrtpResult.NotEncrypted);
        var index = indexField & ~EncryptedBit;
        var ssrc = BinaryPrimitives.ReadUInt32BigEndian(packet[4..]);
        var window = _rtcp.Find(ssrc);
        var result = window?.Check(index) ?? SrtpResult.Ok;
        if (result != SrtpResult.Ok) return _statistics.Count(result);
        if (!_cipher.TryUnprotectRtcp(packet, ssrc, destination)) return _statistics.Count(SrtpResult.Forged);

        (window ?? _rtcp.Add(ssrc)).MarkSeen(index);
        written = packet.Length - _cipher.RtcpOverhead;
        return _statistics.Count(SrtpResult.Ok);
    }

    public void Dispose() => _cipher.Dispose();

    /// <summary>The replay windows of the SSRCs heard last.</summary>
    private sealed class SourceTable
    {
        private readonly Dictionary<uint, Source> _sources = [];
        private long _uses;

        public ReplayWindow? Find(uint ssrc)
        {
            if (!_sources.TryGetValue(ssrc, out var source)) return null;
            source.LastUse = ++_uses;
            return source.Window;
        }

        /// <summary>A window for an SSRC that has none.</summary>
        public ReplayWindow Add(uint ssrc)
        {
            var source = _sources.Count < MaximumSources ? new() : TakeIdlest();
            source.LastUse = ++_uses;
            _sources.Add(ssrc, source);
            return source.Window;
        }

        private Source TakeIdlest()
        {
            uint idlestSsrc = 0;
            Source? idlest = null;
            foreach (var (ssrc, source) in _sources)
            {
                if (idlest is not null && idlest.LastUse <= source.LastUse) continue;
                (idlestSsrc, idlest) = (ssrc, source);
            }
            _sources.Remove(idlestSsrc);
            idlest!.Window.Reset();
            return idlest;
        }

        private sealed class Source
        {
            public ReplayWindow Window { get; } = new(WindowSize);

            public long LastUse { get; set; }
        }
    }
}
