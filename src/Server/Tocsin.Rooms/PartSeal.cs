using System.Security.Cryptography;

namespace Tocsin.Rooms;

/// <summary>AES-256-GCM with its tag at the end, as browsers write it.</summary>
internal static class PartSeal
{
    public const int TagLength = 16;

    /// <returns>Null where it was not sealed with these.</returns>
    public static byte[]? TryOpen(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> seal)
    {
        if (seal.Length < TagLength) return null;
        var opened = new byte[seal.Length - TagLength];
        using var cipher = new AesGcm(key, TagLength);
        try
        {
            cipher.Decrypt(nonce, seal[..^TagLength], seal[^TagLength..], opened, associated);
            return opened;
        }
        catch (AuthenticationTagMismatchException)
        {
            // .NET has no other way to say it.
            return null;
        }
    }
}
