namespace Tocsin.Media.Engine.Srtp;

/// <summary>How media are protected. The values are those of the use_srtp extension.</summary>
/// <remarks>RFC 5764 section 4.1.2, RFC 7714 section 14.2.</remarks>
public enum SrtpProfile
{
    Aes128CmHmacSha1_80 = 0x0001,
    AeadAes128Gcm = 0x0007,
}

internal static class SrtpProfileLengths
{
    public const int MasterKey = 16;

    extension(SrtpProfile profile)
    {
        /// <summary>Bytes of salt that the profile takes.</summary>
        public int SaltLength => profile == SrtpProfile.AeadAes128Gcm ? 12 : 14;

        /// <summary>Bytes that protection adds to an RTP packet.</summary>
        public int TagLength => profile == SrtpProfile.AeadAes128Gcm ? 16 : 10;
    }
}
