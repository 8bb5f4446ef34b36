namespace Tocsin.Media.Engine.Srtp;

/// <summary>The transform of one profile with the session keys of one direction. It knows nothing of order or replay.</summary>
/// <remarks>One thread at a time. Nothing here allocates. Sources and destinations are the same memory or do not overlap.</remarks>
internal abstract class SrtpCipher : IDisposable
{
    /// <summary>Bytes of an SRTCP packet after what is protected: tag, and E bit with index.</summary>
    protected const int RtcpIndexLength = 4;

    protected const uint EncryptedBit = 0x8000_0000;

    /// <summary>The header that SRTCP leaves readable: the first header and the sender's SSRC.</summary>
    public const int RtcpHeaderLength = 8;

    public abstract int RtpOverhead { get; }

    public abstract int RtcpOverhead { get; }

    public static SrtpCipher CreateEncryption(SrtpMasterKey key) =>
        key.Profile == SrtpProfile.AeadAes128Gcm ? new AeadAes128GcmCipher(key, encrypt: true) : new Aes128CmHmacSha1Cipher(key);

    public static SrtpCipher CreateDecryption(SrtpMasterKey key) =>
        key.Profile == SrtpProfile.AeadAes128Gcm ? new AeadAes128GcmCipher(key, encrypt: false) : new Aes128CmHmacSha1Cipher(key);

    /// <summary>Writes the protected packet, <see cref="RtpOverhead"/> longer than header and payload.</summary>
    /// <param name="index">The packet's index: rollover counter and sequence number, 48 bits.</param>
    public abstract void ProtectRtp(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload, uint ssrc, ulong index, Span<byte> destination);

    /// <summary>Writes header and payload, <see cref="RtpOverhead"/> shorter than the packet, which has at least header and overhead.</summary>
    /// <returns>False where the packet is not authentic; then the destination's contents are undefined.</returns>
    public abstract bool TryUnprotectRtp(ReadOnlySpan<byte> packet, int headerLength, uint ssrc, ulong index, Span<byte> destination);

    /// <summary>Writes the protected packet, <see cref="RtcpOverhead"/> longer.</summary>
    /// <param name="packet">A compound packet of at least <see cref="RtcpHeaderLength"/> bytes.</param>
    /// <param name="index">31 bits.</param>
    public abstract void ProtectRtcp(ReadOnlySpan<byte> packet, uint ssrc, uint index, Span<byte> destination);

    /// <inheritdoc cref="TryUnprotectRtp"/>
    public abstract bool TryUnprotectRtcp(ReadOnlySpan<byte> packet, uint ssrc, Span<byte> destination);

    /// <summary>The E bit and index of a protected packet of at least <see cref="RtcpHeaderLength"/> and <see cref="RtcpOverhead"/> bytes.</summary>
    public abstract uint ReadRtcpIndexField(ReadOnlySpan<byte> packet);

    public abstract void Dispose();

    protected static void CopyHeader(ReadOnlySpan<byte> header, Span<byte> destination)
    {
        if (!header.Overlaps(destination, out var offset) || offset != 0) header.CopyTo(destination);
    }
}
