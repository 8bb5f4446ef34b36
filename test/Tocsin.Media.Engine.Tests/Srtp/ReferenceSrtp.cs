using System.Buffers.Binary;
using System.Security.Cryptography;
using Tocsin.Media.Engine.Srtp;

namespace Tocsin.Media.Engine.Tests.Srtp;

/// <summary>
/// SRTP written a second time, from the formulas of RFC 3711 and RFC 7714, over the platform's cryptography: numbers as integers, nothing kept, nothing fast.
/// </summary>
internal sealed class ReferenceSrtp(SrtpProfile profile, byte[] masterKey, byte[] masterSalt)
{
    public byte[] ProtectRtp(byte[] packet, int headerLength, uint ssrc, ulong index)
    {
        if (profile == SrtpProfile.AeadAes128Gcm)
        {
            var nonce = ((UInt128)ssrc << 48) | index;
            var (sealedPayload, tag) = Gcm(0, nonce, packet[..headerLength], packet[headerLength..]);
            return [.. packet[..headerLength], .. sealedPayload, .. tag];
        }
        byte[] body = [.. packet[..headerLength], .. CounterMode(Derive(0, 16), Counter(2, ssrc, index), packet[headerLength..])];
        var rolloverCounter = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(rolloverCounter, (uint)(index >> 16));
        return [.. body, .. Code(Derive(1, 20), [.. body, .. rolloverCounter])];
    }

    public byte[] ProtectRtcp(byte[] packet, uint ssrc, uint index)
    {
        var indexField = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(indexField, 0x8000_0000 | index);
        if (profile == SrtpProfile.AeadAes128Gcm)
        {
            var nonce = ((UInt128)ssrc << 48) | index;
            var (sealedPayload, tag) = Gcm(3, nonce, [.. packet[..8], .. indexField], packet[8..]);
            return [.. packet[..8], .. sealedPayload, .. tag, .. indexField];
        }
        byte[] body = [.. packet[..8], .. CounterMode(Derive(3, 16), Counter(5, ssrc, index), packet[8..]), .. indexField];
        return [.. body, .. Code(Derive(4, 20), body)];
    }

    /// <summary>RFC 3711 section 4.3: the keystream of the master key from (salt XOR label * 2^48) * 2^16 on.</summary>
    public byte[] Derive(int label, int length)
    {
        var salt = BigEndian([.. masterSalt, .. new byte[14 - masterSalt.Length]]);
        return CounterMode(masterKey, (salt ^ ((UInt128)label << 48)) << 16, new byte[length]);
    }

    private (byte[] Ciphertext, byte[] Tag) Gcm(int label, UInt128 nonce, byte[] associated, byte[] plaintext)
    {
        using var aes = new AesGcm(Derive(label, 16), 16);
        var ciphertext = new byte[plaintext.Length];
        var tag = new byte[16];
        aes.Encrypt(Bytes(BigEndian(Derive(label + 2, 12)) ^ nonce)[4..], plaintext, ciphertext, tag, associated);
        return (ciphertext, tag);
    }

#pragma warning disable CA5350 // The profile says SHA-1; as an HMAC it is not broken.
    private static byte[] Code(byte[] key, byte[] authenticated) => HMACSHA1.HashData(key, authenticated)[..10];
#pragma warning restore CA5350

    private UInt128 Counter(int saltLabel, uint ssrc, ulong index) =>
        (BigEndian(Derive(saltLabel, 14)) << 16) ^ ((UInt128)ssrc << 64) ^ ((UInt128)index << 16);

    /// <summary>Counter mode of single blocks, which the platform has.</summary>
    public static byte[] CounterMode(byte[] key, UInt128 counter, byte[] input)
    {
        using var aes = Aes.Create();
        aes.Key = key;
        var output = (byte[])input.Clone();
        for (var offset = 0; offset < input.Length; offset += 16)
        {
            var block = aes.EncryptEcb(Bytes(counter++), PaddingMode.None);
            for (var i = 0; i < 16 && offset + i < input.Length; i++) output[offset + i] ^= block[i];
        }
        return output;
    }

    private static UInt128 BigEndian(byte[] bytes)
    {
        UInt128 value = 0;
        foreach (var b in bytes) value = (value << 8) | b;
        return value;
    }

    private static byte[] Bytes(UInt128 value)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, value);
        return bytes;
    }
}
