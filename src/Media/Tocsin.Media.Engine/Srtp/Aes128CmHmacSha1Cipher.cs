using System.Buffers.Binary;
using System.Security.Cryptography;
using Tocsin.Media.Engine.OpenSsl;

namespace Tocsin.Media.Engine.Srtp;

/// <summary>AES_CM_128_HMAC_SHA1_80: counter mode, and the first 80 bits of HMAC-SHA1.</summary>
/// <remarks>
/// RFC 3711 sections 4.1.1, 4.2 and 3.4. The first counter block, 16 bytes, is the salt followed by two zero bytes, XORed with
/// <code>
/// | 0, 4 bytes | SSRC, 4 | index, 6 | 0, 2 |
/// </code>
/// The code is of the packet followed by the rollover counter (SRTP), or by the E bit and index, which precede it in the packet (SRTCP).
/// </remarks>
internal sealed class Aes128CmHmacSha1Cipher : SrtpCipher
{
    private const int TagLength = 10;
    private const int SaltLength = 14;
    private const int AuthenticationKeyLength = 20;
    private readonly AesCounterContext _rtp;
    private readonly AesCounterContext _rtcp;
    private readonly HmacSha1 _rtpCode;
    private readonly HmacSha1 _rtcpCode;
    private readonly byte[] _rtpSalt = new byte[SaltLength];
    private readonly byte[] _rtcpSalt = new byte[SaltLength];

    public Aes128CmHmacSha1Cipher(SrtpMasterKey key)
    {
        _rtp = CreateContext(key, SrtpKeyDerivation.RtpEncryption);
        _rtcp = CreateContext(key, SrtpKeyDerivation.RtcpEncryption);
        _rtpCode = CreateCode(key, SrtpKeyDerivation.RtpAuthentication);
        _rtcpCode = CreateCode(key, SrtpKeyDerivation.RtcpAuthentication);
        key.Derive(SrtpKeyDerivation.RtpSalt, _rtpSalt);
        key.Derive(SrtpKeyDerivation.RtcpSalt, _rtcpSalt);
    }

    public override int RtpOverhead => TagLength;

    public override int RtcpOverhead => RtcpIndexLength + TagLength;

    public override void ProtectRtp(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload, uint ssrc, ulong index, Span<byte> destination)
    {
        var length = header.Length + payload.Length;
        Span<byte> counter = stackalloc byte[AesCounterContext.BlockLength];
        WriteCounter(_rtpSalt, ssrc, index, counter);
        CopyHeader(header, destination);
        _rtp.Apply(counter, payload, destination[header.Length..]);
        Span<byte> code = stackalloc byte[HmacSha1.Length];
        ComputeRtpCode(destination[..length], index, code);
        code[..TagLength].CopyTo(destination[length..]);
    }

    public override bool TryUnprotectRtp(ReadOnlySpan<byte> packet, int headerLength, uint ssrc, ulong index, Span<byte> destination)
    {
        var authenticated = packet[..^TagLength];
        Span<byte> code = stackalloc byte[HmacSha1.Length];
        ComputeRtpCode(authenticated, index, code);
        if (!CryptographicOperations.FixedTimeEquals(code[..TagLength], packet[^TagLength..])) return false;

        Span<byte> counter = stackalloc byte[AesCounterContext.BlockLength];
        WriteCounter(_rtpSalt, ssrc, index, counter);
        CopyHeader(packet[..headerLength], destination);
        _rtp.Apply(counter, authenticated[headerLength..], destination[headerLength..]);
        return true;
    }

    public override void ProtectRtcp(ReadOnlySpan<byte> packet, uint ssrc, uint index, Span<byte> destination)
    {
        Span<byte> counter = stackalloc byte[AesCounterContext.BlockLength];
        WriteCounter(_rtcpSalt, ssrc, index, counter);
        var length = packet.Length;
        CopyHeader(packet[..RtcpHeaderLength], destination);
        _rtcp.Apply(counter, packet[RtcpHeaderLength..], destination[RtcpHeaderLength..]);
        BinaryPrimitives.WriteUInt32BigEndian(destination[length..], EncryptedBit | index);
        Span<byte> code = stackalloc byte[HmacSha1.Length];
        _rtcpCode.Compute(destination[..(length + RtcpIndexLength)], default, code);
        code[..TagLength].CopyTo(destination[(length + RtcpIndexLength)..]);
    }

    public override bool TryUnprotectRtcp(ReadOnlySpan<byte> packet, uint ssrc, Span<byte> destination)
    {
        Span<byte> code = stackalloc byte[HmacSha1.Length];
        _rtcpCode.Compute(packet[..^TagLength], default, code);
        if (!CryptographicOperations.FixedTimeEquals(code[..TagLength], packet[^TagLength..])) return false;

        Span<byte> counter = stackalloc byte[AesCounterContext.BlockLength];
        WriteCounter(_rtcpSalt, ssrc, ReadRtcpIndexField(packet) & ~EncryptedBit, counter);
        CopyHeader(packet[..RtcpHeaderLength], destination);
        _rtcp.Apply(counter, packet[RtcpHeaderLength..^RtcpOverhead], destination[RtcpHeaderLength..]);
        return true;
    }

    public override uint ReadRtcpIndexField(ReadOnlySpan<byte> packet) => BinaryPrimitives.ReadUInt32BigEndian(packet[^RtcpOverhead..]);

    public override void Dispose()
    {
        _rtp.Dispose();
        _rtcp.Dispose();
        _rtpCode.Dispose();
        _rtcpCode.Dispose();
    }

    private static AesCounterContext CreateContext(SrtpMasterKey key, byte label)
    {
        Span<byte> sessionKey = stackalloc byte[SrtpProfileLengths.MasterKey];
        key.Derive(label, sessionKey);
        var context = new AesCounterContext(sessionKey);
        CryptographicOperations.ZeroMemory(sessionKey);
        return context;
    }

    private static HmacSha1 CreateCode(SrtpMasterKey key, byte label)
    {
        Span<byte> sessionKey = stackalloc byte[AuthenticationKeyLength];
        key.Derive(label, sessionKey);
        var code = new HmacSha1(sessionKey);
        CryptographicOperations.ZeroMemory(sessionKey);
        return code;
    }

    private void ComputeRtpCode(ReadOnlySpan<byte> authenticated, ulong index, Span<byte> code)
    {
        Span<byte> rolloverCounter = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(rolloverCounter, (uint)(index >> 16));
        _rtpCode.Compute(authenticated, rolloverCounter, code);
    }

    internal static void WriteCounter(ReadOnlySpan<byte> salt, uint ssrc, ulong index, Span<byte> counter)
    {
        BinaryPrimitives.WriteUInt32BigEndian(counter, 0);
        BinaryPrimitives.WriteUInt32BigEndian(counter[4..], ssrc);
        BinaryPrimitives.WriteUInt64BigEndian(counter[8..], index << 16);
        for (var i = 0; i < salt.Length; i++) counter[i] ^= salt[i];
    }
}
