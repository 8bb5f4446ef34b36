using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;

namespace Tocsin.Rooms;

/// <summary>A file as a message carries it.</summary>
/// <remarks>docs/protocol/rooms.md, Files; web/src/core/rooms/shared-file.ts is the other implementation.</remarks>
public sealed record SharedFile(Guid Id, byte[] Key, byte[] Root, long Size, string Name)
{
    public const int PartLength = 512 * 1024;

    private const long LargestSize = 1L << 31;
    private const int LongestName = 255;

    private static readonly SearchValues<char> lowerHex = SearchValues.Create("0123456789abcdef");

    public long Parts => Math.Max(1, (Size + PartLength - 1) / PartLength);

    /// <returns>Null where the content is no message, or carries no file of the right form.</returns>
    internal static SharedFile? Of(JsonElement content)
    {
        if (content.ValueKind != JsonValueKind.Object || TextOf(content, "kind") != "message" || TextOf(content, "text") is not { Length: <= 8000 }) return null;
        if (!content.TryGetProperty("file", out var file) || file.ValueKind != JsonValueKind.Object) return null;
        if (HexOf(file, "id", 16) is not { } id || HexOf(file, "key", 32) is not { } key || HexOf(file, "root", 32) is not { } root) return null;
        if (!file.TryGetProperty("size", out var number) || number.ValueKind != JsonValueKind.Number || !number.TryGetDouble(out var size)) return null;
        if (size is not (>= 0 and <= LargestSize) || size != Math.Floor(size)) return null;
        return TextOf(file, "name") is { Length: <= LongestName } name ? new SharedFile(new Guid(id, bigEndian: true), key, root, (long)size, name) : null;
    }

    private static string? TextOf(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static byte[]? HexOf(JsonElement element, string name, int length) =>
        TextOf(element, name) is { } text && text.Length == 2 * length && !text.AsSpan().ContainsAnyExcept(lowerHex) ? Convert.FromHexString(text) : null;
}

/// <summary>Opens the parts of one file in order, and says at the end whether they are those that the message was signed over.</summary>
internal sealed class FileOpening : IDisposable
{
    private readonly SharedFile file;
    private readonly byte[] derived = new byte[44];
    private readonly byte[] context;
    private readonly IncrementalHash root = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private uint next;

    public FileOpening(SharedFile file, ReadOnlySpan<byte> room)
    {
        this.file = file;
        var id = file.Id.ToByteArray(bigEndian: true);
        context = [.. room, .. id, .. BigEndian((ulong)file.Size), .. BigEndian(SharedFile.PartLength)];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, file.Key, derived, id, [.. "Tocsin room file v1\0"u8, .. context]);
        root.AppendData("Tocsin room file root v1\0"u8);
        root.AppendData(BigEndian((ulong)file.Size));
    }

    public bool IsComplete => next == file.Parts;

    /// <returns>The next part; null where it is not, or there is none.</returns>
    public byte[]? Open(ReadOnlySpan<byte> seal)
    {
        if (IsComplete || seal.Length != Math.Min(SharedFile.PartLength, file.Size - ((long)next * SharedFile.PartLength)) + PartSeal.TagLength) return null;
        Span<byte> nonce = stackalloc byte[12];
        derived.AsSpan(32).CopyTo(nonce);
        var number = BigEndian(next);
        for (var at = 0; at < number.Length; at++) nonce[8 + at] ^= number[at];
        var opened = PartSeal.TryOpen(derived.AsSpan(0, 32), nonce, [.. context, .. number, .. BigEndian((uint)file.Parts)], seal);
        if (opened is null) return null;
        root.AppendData(SHA256.HashData(seal));
        next++;
        return opened;
    }

    public bool HasRoot() => root.GetHashAndReset().AsSpan().SequenceEqual(file.Root);

    public void Dispose() => root.Dispose();

    private static byte[] BigEndian(ulong value)
    {
        var bytes = new byte[sizeof(ulong)];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] BigEndian(uint value)
    {
        var bytes = new byte[sizeof(uint)];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }
}
