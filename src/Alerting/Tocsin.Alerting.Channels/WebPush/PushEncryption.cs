using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Tocsin.Alerting.Channels.WebPush;

/// <summary>Encrypts one push so that only the subscribed browser can read it, and the push service can't.</summary>
/// <remarks>
/// RFC 8291 over RFC 8188 (aes128gcm), always one record:
/// <code>
/// | salt 16 | record size 4 | key length 1 = 65 | sender's public point 65 | AES-128-GCM of plaintext and 0x02, tag 16 |
/// </code>
/// </remarks>
internal static class PushEncryption
{
    public const int PointLength = 65;
    public const int AuthenticationSecretLength = 16;
    public const int SaltLength = 16;

    /// <summary>RFC 8291 section 4: a push service need not take more than 4096 octets, header and all.</summary>
    public const int MaximumPlaintextLength = 4096 - HeaderLength - 1 - TagLength;

    private const int HeaderLength = SaltLength + 4 + 1 + PointLength;
    private const int TagLength = 16;
    private const int KeyLength = 16;
    private const int NonceLength = 12;
    private const byte LastRecord = 2;
    private const int RecordSize = 4096;

    /// <exception cref="ArgumentException">The plaintext is longer than <see cref="MaximumPlaintextLength"/>.</exception>
    public static byte[] Encrypt(PushSubscription subscription, ReadOnlySpan<byte> plaintext)
    {
        using var sender = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        return Encrypt(subscription, plaintext, sender, RandomNumberGenerator.GetBytes(SaltLength));
    }

    /// <param name="sender">A key for this message alone. With <paramref name="salt"/>, given only by the test of RFC 8291's example.</param>
    internal static byte[] Encrypt(PushSubscription subscription, ReadOnlySpan<byte> plaintext, ECDiffieHellman sender, ReadOnlySpan<byte> salt)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(plaintext.Length, MaximumPlaintextLength, nameof(plaintext));
        var senderPoint = WritePoint(sender.ExportParameters(includePrivateParameters: false));
        Span<byte> key = stackalloc byte[KeyLength];
        Span<byte> nonce = stackalloc byte[NonceLength];
        DeriveKeys(subscription, sender, senderPoint, salt, key, nonce);

        var message = new byte[HeaderLength + plaintext.Length + 1 + TagLength];
        salt.CopyTo(message);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(SaltLength), RecordSize);
        message[SaltLength + 4] = PointLength;
        senderPoint.CopyTo(message.AsSpan(SaltLength + 5));
        var record = message.AsSpan(HeaderLength, plaintext.Length + 1);
        plaintext.CopyTo(record);
        record[^1] = LastRecord;
        using var cipher = new AesGcm(key, TagLength);
        cipher.Encrypt(nonce, record, record, message.AsSpan(HeaderLength + record.Length));
        return message;
    }

    /// <summary>Reads an uncompressed point; false where it is none or does not lie on P-256, which would give away the sender's key.</summary>
    public static bool TryReadPoint(ReadOnlySpan<byte> point, out ECParameters key)
    {
        key = default;
        if (point.Length != PointLength || point[0] != 4)
            return false;
        key = new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = point[1..33].ToArray(), Y = point[33..].ToArray() },
        };
        try
        {
            using var check = ECDiffieHellman.Create(key);
            return true;
        }
        catch (CryptographicException)
        {
            // The import checks the curve's equation and has no form that answers instead of throwing.
            return false;
        }
    }

    public static byte[] WritePoint(ECParameters key)
    {
        var point = new byte[PointLength];
        point[0] = 4;
        key.Q.X!.CopyTo(point, 1);
        key.Q.Y!.CopyTo(point, 33);
        return point;
    }

    /// <summary>RFC 8291 section 3.4.</summary>
    private static void DeriveKeys(PushSubscription subscription, ECDiffieHellman sender, ReadOnlySpan<byte> senderPoint, ReadOnlySpan<byte> salt, Span<byte> key, Span<byte> nonce)
    {
        using var receiver = ECDiffieHellman.Create(subscription.PublicKey);
        using var receiverKey = receiver.PublicKey;
        var shared = sender.DeriveRawSecretAgreement(receiverKey);

        ReadOnlySpan<byte> label = "WebPush: info\0"u8;
        Span<byte> info = stackalloc byte[label.Length + PointLength + PointLength];
        label.CopyTo(info);
        subscription.PublicPoint.CopyTo(info[label.Length..]);
        senderPoint.CopyTo(info[(label.Length + PointLength)..]);
        Span<byte> inputKey = stackalloc byte[32];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, shared, inputKey, subscription.AuthenticationSecret, info);

        Span<byte> pseudorandomKey = stackalloc byte[32];
        HKDF.Extract(HashAlgorithmName.SHA256, inputKey, salt, pseudorandomKey);
        HKDF.Expand(HashAlgorithmName.SHA256, pseudorandomKey, key, "Content-Encoding: aes128gcm\0"u8);
        HKDF.Expand(HashAlgorithmName.SHA256, pseudorandomKey, nonce, "Content-Encoding: nonce\0"u8);
        CryptographicOperations.ZeroMemory(shared);
    }
}
