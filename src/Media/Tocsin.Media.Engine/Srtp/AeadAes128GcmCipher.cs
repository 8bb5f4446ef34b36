using System.Buffers.Binary;
using System.Security.Cryptography;
using Tocsin.Media.Engine.OpenSsl;

namespace Tocsin.Media.Engine.Srtp;

/// <summary>AEAD_AES_128_GCM.</summary>
/// <remarks>
/// RFC 7714. The nonce is the salt XORed with (sections 8.1 and 9.1)
/// <code>
/// SRTP   | 0, 2 bytes | SSRC, 4 | rollover counter, 4 | sequence number, 2 |
/// SRTCP  | 0, 2 bytes | SSRC, 4 | 0, 2                | index, 4           |
/// </code>
/// An SRTP packet is header, ciphertext, tag, with the header as associated data; an SRTCP packet is 8 bytes of header, ciphertext, tag, E bit and index,
/// with the first and the last as associated data.
/// </remarks>
internal sealed class AeadAes128GcmCipher : SrtpCipher
{
    private const int TagLength = AesGcmContext.TagLength;
    private readonly AesGcmContext _rtp;
    private readonly AesGcmContext _rtcp;
    private readonly byte[] _rtpSalt = new byte[AesGcmContext.NonceLength];
    private readonly byte[] _rtcpSalt = new byte[AesGcmContext.NonceLength];

    public AeadAes128GcmCipher(SrtpMasterKey key, bool encrypt)
    {
        _rtp = CreateContext(key, SrtpKeyDerivation.RtpEncryption, encrypt);
        _rtcp = CreateContext(key, SrtpKeyDerivation.RtcpEncryption, encrypt);
        key.Derive(SrtpKeyDerivation.RtpSalt, _rtpSalt);
        key.Derive(SrtpKeyDerivation.RtcpSalt, _rtcpSalt);
    }

    /// <summary>With session keys as they are, for the vectors of RFC 7714.</summary>
    internal AeadAes128GcmCipher(ReadOnlySpan<byte> sessionKey, ReadOnlySpan<byte> sessionSalt, bool encrypt)
    {
        _rtp = new(sessionKey, encrypt);
        _rtcp = new(sessionKey, encrypt);
        sessionSalt.CopyTo(_rtpSalt);
        sessionSalt.CopyTo(_rtcpSalt);
    }

    public override int RtpOverhead => TagLength;

    public override int RtcpOverhead => TagLength + RtcpIndexLength;

    public override void ProtectRtp(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload, uint ssrc, ulong index, Span<byte> destination)
    {
        Span<byte> nonce = stackalloc byte[AesGcmContext.NonceLength];
        WriteRtpNonce(ssrc, index, nonce);
        CopyHeader(header, destination);
        var body = destination[header.Length..];
        _rtp.Seal(nonce, header, default, payload, body, body.Slice(payload.Length, TagLength));
    }

    public override bool TryUnprotectRtp(ReadOnlySpan<byte> packet, int headerLength, uint ssrc, ulong index, Span<byte> destination)
    {
        Span<byte> nonce = stackalloc byte[AesGcmContext.NonceLength];
        WriteRtpNonce(ssrc, index, nonce);
        var header = packet[..headerLength];
        CopyHeader(header, destination);
        return _rtp.TryOpen(nonce, header, default, packet[headerLength..^TagLength], packet[^TagLength..], destination[headerLength..]);
    }

    public override void ProtectRtcp(ReadOnlySpan<byte> packet, uint ssrc, uint index, Span<byte> destination)
    {
        Span<byte> nonce = stackalloc byte[AesGcmContext.NonceLength];
        WriteRtcpNonce(ssrc, index, nonce);
        Span<byte> indexField = stackalloc byte[RtcpIndexLength];
        BinaryPrimitives.WriteUInt32BigEndian(indexField, EncryptedBit | index);
        var header = packet[..RtcpHeaderLength];
        CopyHeader(header, destination);
        _rtcp.Seal(
            nonce, header, indexField, packet[RtcpHeaderLength..], destination[RtcpHeaderLength..], destination.Slice(packet.Length, TagLength));
        indexField.CopyTo(destination[(packet.Length + TagLength)..]);
    }

    public override bool TryUnprotectRtcp(ReadOnlySpan<byte> packet, uint ssrc, Span<byte> destination)
    {
        Span<byte> nonce = stackalloc byte[AesGcmContext.NonceLength];
        WriteRtcpNonce(ssrc, ReadRtcpIndexField(packet) & ~EncryptedBit, nonce);
        var header = packet[..RtcpHeaderLength];
        CopyHeader(header, destination);
        var ciphertext = packet[RtcpHeaderLength..^RtcpOverhead];
        var tag = packet[^RtcpOverhead..^RtcpIndexLength];
        return _rtcp.TryOpen(nonce, header, packet[^RtcpIndexLength..], ciphertext, tag, destination[RtcpHeaderLength..]);
    }

    public override uint ReadRtcpIndexField(ReadOnlySpan<byte> packet) => BinaryPrimitives.ReadUInt32BigEndian(packet[^RtcpIndexLength..]);

    public override void Dispose()
    {
        _rtp.Dispose();
        _rtcp.Dispose();
    }

    private static AesGcmContext CreateContext(SrtpMasterKey key, byte label, bool encrypt)
    {
        Span<byte> sessionKey = stackalloc byte[SrtpProfileLengths.MasterKey];
        key.Derive(label, sessionKey);
        var context = new AesGcmContext(sessionKey, encrypt);
        CryptographicOperations.ZeroMemory(sessionKey);
        return context;
    }

    private void WriteRtpNonce(uint ssrc, ulong index, Span<byte> nonce)
    {
        BinaryPrimitives.WriteUInt16BigEndian(nonce, 0);
        BinaryPrimitives.WriteUInt32BigEndian(nonce[2..], ssrc);
        BinaryPrimitives.WriteUInt32BigEndian(nonce[6..], (uint)(index >> 16));
        BinaryPrimitives.WriteUInt16BigEndian(nonce[10..], (ushort)index);
        Xor(nonce, _rtpSalt);
    }

    private void WriteRtcpNonce(uint ssrc, uint index, Span<byte> nonce)
    {
        BinaryPrimitives.WriteUInt16BigEndian(nonce, 0);
        BinaryPrimitives.WriteUInt32BigEndian(nonce[2..], ssrc);
        BinaryPrimitives.WriteUInt16BigEndian(nonce[6..], 0);
        BinaryPrimitives.WriteUInt32BigEndian(nonce[8..], index);
        Xor(nonce, _rtcpSalt);
    }

    private static void Xor(Span<byte> nonce, ReadOnlySpan<byte> salt)
    {
        for (var i = 0; i < nonce.Length; i++) nonce[i] ^= salt[i];
    }
}
