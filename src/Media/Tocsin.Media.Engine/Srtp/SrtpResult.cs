namespace Tocsin.Media.Engine.Srtp;

/// <summary>What became of a packet. All but <see cref="Ok"/> are refusals: the packet is dropped and counted.</summary>
public enum SrtpResult
{
    Ok,

    /// <summary>Not the shape of an RTP or RTCP packet of this profile.</summary>
    Malformed,

    /// <summary>The tag is not of this packet and key.</summary>
    Forged,

    /// <summary>Received before; or, when sending, an index that was already used: encrypting two packets under one index would give the key away.</summary>
    Replayed,

    /// <summary>Older than the replay window.</summary>
    TooOld,

    /// <summary>SRTCP with its E bit clear: WebRTC forbids it (RFC 8827 section 6.5).</summary>
    NotEncrypted,

    /// <summary>More SSRCs than one sender may have.</summary>
    TooManySources,

    /// <summary>The key has protected all the packets that it may (2^31 SRTCP packets, 2^48 RTP packets of an SSRC).</summary>
    KeyExhausted,
}
