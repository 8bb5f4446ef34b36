using System.Buffers.Binary;
using Tocsin.Media.Wire.Rtp;

namespace Tocsin.Media.Engine.Srtp;

/// <summary>Protects what we send to one peer. Owns its contexts; <see cref="Dispose"/> wipes them.</summary>
/// <remarks>
/// RFC 3711, RFC 7714. One thread at a time. Nothing is allocated but the state of an SSRC at its first packet.
/// An index is never used twice: two different packets under one AES-GCM nonce would give away the authentication key, so a packet whose sequence
/// number was already sent is refused. Retransmissions go by RTX, which has an SSRC and sequence numbers of its own.
/// </remarks>
public sealed class SrtpSender : IDisposable
{
    /// <summary>SSRCs that one key may serve. None is ever forgotten, for the reason above; at some 80 bytes each, the worst a peer costs is 1.3 MB.</summary>
    public const int MaximumSources = 16_384;

    // Packets of one SSRC leave in order but for what the pacer lets overtake.
    private const int WindowSize = 64;
    private const long LastIndex = (1L << 48) - 1;
    private const uint LastRtcpIndex = 0x7FFF_FFFF;
    private readonly SrtpCipher _cipher;
    private readonly Dictionary<uint, ReplayWindow> _sources = [];
    private uint _nextRtcpIndex;
    private SrtpStatistics _statistics;

    /// <summary>Packets of one stream leave several at a time.</summary>
    private uint _latestSsrc;

    private ReplayWindow? _latest;

    public SrtpSender(SrtpMasterKey key)
        : this(SrtpCipher.CreateEncryption(key))
    {
    }

    internal SrtpSender(SrtpCipher cipher, uint firstRtcpIndex = 0)
    {
        _cipher = cipher;
        _nextRtcpIndex = firstRtcpIndex;
    }

    /// <summary>Bytes that protection adds to an RTP packet.</summary>
    public int RtpOverhead => _cipher.RtpOverhead;

    /// <summary>Bytes that protection adds to a compound RTCP packet.</summary>
    public int RtcpOverhead => _cipher.RtcpOverhead;

    public SrtpStatistics Statistics => _statistics;

    /// <summary>Writes one protected packet.</summary>
    /// <param name="header">The RTP header with CSRCs and extensions, whole.</param>
    /// <param name="payload">What follows it, padding included.</param>
    /// <param name="destination">At least header, payload and <see cref="RtpOverhead"/> long. It may be the packet's own memory, or lie apart.</param>
    /// <param name="written">The length of the protected packet; 0 where it was refused.</param>
    public SrtpResult ProtectRtp(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload, Span<byte> destination, out int written)
    {
        written = 0;
        if (!RtpHeader.TryParse(header, out var shape) || shape.Length != header.Length) return _statistics.Count(SrtpResult.Malformed);
        if (FindOrAdd(shape.Ssrc) is not { } window) return _statistics.Count(SrtpResult.TooManySources);
        var index = RolloverCounter.GuessIndex(window.Highest, shape.SequenceNumber);
        if (index < 0) return _statistics.Count(SrtpResult.TooOld);
        if (index > LastIndex) return _statistics.Count(SrtpResult.KeyExhausted);
        var result = window.Check(index);
        if (result != SrtpResult.Ok) return _statistics.Count(result);

        // Before encrypting: should that throw, the index still counts as used.
        window.MarkSeen(index);
        _cipher.ProtectRtp(header, payload, shape.Ssrc, (ulong)index, destination);
        written = header.Length + payload.Length + RtpOverhead;
        return _statistics.Count(SrtpResult.Ok);
    }

    /// <summary>Writes one protected compound packet.</summary>
    /// <param name="packet">At least 8 bytes, or it is refused.</param>
    /// <param name="destination">At least the packet and <see cref="RtcpOverhead"/> long. It may be the packet's own memory, or lie apart.</param>
    /// <param name="written">The length of the protected packet; 0 where it was refused.</param>
    /// <remarks>One index for all SSRCs: each SSRC's still only grows, as RFC 3711 section 3.4 wants it.</remarks>
    public SrtpResult ProtectRtcp(ReadOnlySpan<byte> packet, Span<byte> destination, out int written)
    {
        written = 0;
        if (packet.Length < SrtpCipher.RtcpHeaderLength) return _statistics.Count(SrtpResult.Malformed);
        if (_nextRtcpIndex > LastRtcpIndex) return _statistics.Count(SrtpResult.KeyExhausted);
        _cipher.ProtectRtcp(packet, BinaryPrimitives.ReadUInt32BigEndian(packet[4..]), _nextRtcpIndex++, destination);
        written = packet.Length + RtcpOverhead;
        return _statistics.Count(SrtpResult.Ok);
    }

    public void Dispose() => _cipher.Dispose();

    private ReplayWindow? FindOrAdd(uint ssrc)
    {
        if (_latest is not null && ssrc == _latestSsrc) return _latest;
        if (!_sources.TryGetValue(ssrc, out var window))
        {
            if (_sources.Count >= MaximumSources) return null;
            window = new(WindowSize);
            _sources.Add(ssrc, window);
        }
        (_latestSsrc, _latest) = (ssrc, window);
        return window;
    }
}
