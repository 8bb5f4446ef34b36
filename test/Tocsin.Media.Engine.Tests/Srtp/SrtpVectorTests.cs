using Tocsin.Media.Engine.OpenSsl;
using Tocsin.Media.Engine.Srtp;

namespace Tocsin.Media.Engine.Tests.Srtp;

/// <summary>RFC 3711 appendix B, RFC 7714 sections 16 and 17.</summary>
public sealed class SrtpVectorTests
{
    private static readonly byte[] GcmKey = Hex.Parse("000102030405060708090a0b0c0d0e0f");
    private static readonly byte[] GcmSalt = Hex.Parse("51756964 2070726f 2071756f");
    private static readonly byte[] GcmRtp = Hex.Parse(
        "8040f17b 8041f8d3 5501a0b2 47616c6c 69612065 7374206f 6d6e6973 20646976 69736120 696e2070 61727465 73207472 6573");
    private static readonly byte[] GcmSrtp = Hex.Parse(
        "8040f17b 8041f8d3 5501a0b2 f24de3a3 fb34de6c acba861c 9d7e4bca be633bd5 0d294e6f 42a5f47a 51c7d19b 36de3adf 8833 899d7f27 beb16a91 52cf765e e4390cce");
    private static readonly byte[] GcmRtcp = Hex.Parse(
        "81c8000d 4d617273 4e545031 4e545032 52545020 0000042a 0000e930 4c756e61 deadbeef deadbeef deadbeef deadbeef deadbeef");
    private static readonly byte[] GcmSrtcp = Hex.Parse("""
        81c8000d 4d617273 63e94885 dcdab67c a727d766 2f6b7e99 7ff5c0f7 6c06f32d c676a5f1 730d6fda 4ce09b46 86303ded 0bb9275b c84aa458 96cf4d2f
        c5abf872 45d9eade 800005d4
        """);

    [Theory]
    [InlineData(0, "C61E7A93744F39EE10734AFE3FF7A087")]
    [InlineData(2, "30CBBC08863D8C85D49DB34A9AE1")]
    [InlineData(1, "CEBE321F6FF7716B6FD4AB49AF256A156D38BAA48F0A0ACF3C34E2359E6CDBCEE049646C43D9327AD175578EF72270986371C10C9A369AC2F94A8C5FBCDDDC256D6E919A48B610EF17C2041E474035766B68642C59BBFC2F34DB60DBDFB2DC68")]
    public void Session_keys_of_RFC_3711_appendix_B_3(int label, string expected)
    {
        var key = Hex.Parse(expected);
        var derived = new byte[key.Length];
        SrtpKeyDerivation.Derive(Hex.Parse("E1F97A0D3E018BE0D64FA32C06DE4139"), Hex.Parse("0EC675AD498AFEEBB6960B3AABE6"), (byte)label, derived);
        Assert.Equal(key, derived);
    }

    [Fact]
    public void Keystream_of_RFC_3711_appendix_B_2()
    {
        using var aes = new AesCounterContext(Hex.Parse("2B7E151628AED2A6ABF7158809CF4F3C"));
        var counter = new byte[16];
        Aes128CmHmacSha1Cipher.WriteCounter(Hex.Parse("F0F1F2F3F4F5F6F7F8F9FAFBFCFD"), ssrc: 0, index: 0, counter);
        var keystream = new byte[16 * 0xFF02];
        aes.Apply(counter, keystream, keystream);

        Assert.Equal(Hex.Parse("E03EAD0935C95E80E166B16DD92B4EB4 D23513162B02D0F72A43A2FE4A5F97AB 41E95B3BB0A2E8DD477901E4FCA894C0"), keystream[..48]);
        Assert.Equal(Hex.Parse("EC8CDF7398607CB0F2D21675EA9EA1E4 362B7C3C6773516318A077D7FC5073AE 6A2CC3787889374FBEB4C81B17BA6C44"), keystream[^48..]);
    }

    [Fact]
    public void Srtp_of_RFC_7714_section_16_1_1()
    {
        using var sender = new SrtpSender(new AeadAes128GcmCipher(GcmKey, GcmSalt, encrypt: true));
        var protectedPacket = new byte[GcmRtp.Length + sender.RtpOverhead];
        Assert.Equal(SrtpResult.Ok, sender.ProtectRtp(GcmRtp.AsSpan(0, 12), GcmRtp.AsSpan(12), protectedPacket, out var written));
        Assert.Equal(GcmSrtp, protectedPacket[..written]);
    }

    [Fact]
    public void Srtp_of_RFC_7714_section_16_1_2()
    {
        using var receiver = new SrtpReceiver(new AeadAes128GcmCipher(GcmKey, GcmSalt, encrypt: false));
        var plain = new byte[GcmSrtp.Length];
        Assert.Equal(SrtpResult.Ok, receiver.UnprotectRtp(GcmSrtp, plain, out var written));
        Assert.Equal(GcmRtp, plain[..written]);
    }

    [Fact]
    public void Srtcp_of_RFC_7714_section_17_1()
    {
        using var sender = new SrtpSender(new AeadAes128GcmCipher(GcmKey, GcmSalt, encrypt: true), firstRtcpIndex: 0x5d4);
        var protectedPacket = new byte[GcmRtcp.Length + sender.RtcpOverhead];
        Assert.Equal(SrtpResult.Ok, sender.ProtectRtcp(GcmRtcp, protectedPacket, out var written));
        Assert.Equal(GcmSrtcp, protectedPacket[..written]);
    }

    [Fact]
    public void Srtcp_of_RFC_7714_section_17_2()
    {
        using var receiver = new SrtpReceiver(new AeadAes128GcmCipher(GcmKey, GcmSalt, encrypt: false));
        var plain = new byte[GcmSrtcp.Length];
        Assert.Equal(SrtpResult.Ok, receiver.UnprotectRtcp(GcmSrtcp, plain, out var written));
        Assert.Equal(GcmRtcp, plain[..written]);
    }
}
