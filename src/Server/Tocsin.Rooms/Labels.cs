using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Tocsin.Rooms;

/// <summary>Everything that is signed or hashed begins with what it is for and a zero byte: nothing made for one purpose is taken for another.</summary>
internal static class Labels
{
    /// <param name="label">With its zero byte.</param>
    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> label, ReadOnlySpan<byte> body, ReadOnlySpan<byte> signature)
    {
        var length = label.Length + body.Length;
        var message = ArrayPool<byte>.Shared.Rent(length);
        label.CopyTo(message);
        body.CopyTo(message.AsSpan(label.Length));
        var isValid = Ed25519.Verify(publicKey, message.AsSpan(0, length), signature);
        ArrayPool<byte>.Shared.Return(message);
        return isValid;
    }

    /// <summary>SHA-256 of label, number (8 bytes, big-endian) and content.</summary>
    public static byte[] Hash(ReadOnlySpan<byte> label, ulong number, ReadOnlySpan<byte> content)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> encoded = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(encoded, number);
        hash.AppendData(label);
        hash.AppendData(encoded);
        hash.AppendData(content);
        return hash.GetHashAndReset();
    }
}
