using System.Buffers.Binary;
using Tocsin.Media.Forwarding.Parameters;

namespace Tocsin.Bench.Sfu.Load;

/// <summary>What the packets carry: who sent it, its number, and bytes that follow from both, so that a receiver can tell that all of it is as it was sent.</summary>
/// <remarks>
/// <code>
/// video | VP8 descriptor with picture id, 6 | 0 begins a key frame, 1 | number, 8 | publisher, 4 | pattern |
/// audio |                                                             | number, 8 | publisher, 4 | pattern |
/// </code>
/// The descriptor is the server's to rewrite (RFC 7741 section 4.2); everything behind it is not.
/// </remarks>
internal static class TestPayload
{
    private const int VideoPrefix = 7;
    private const int Head = 12;
    private const int PatternMask = 0xFFF;

    private static readonly byte[] Pattern = CreatePattern();

    public static void Write(Span<byte> payload, MediaKind kind, int publisher, long number, bool startsFrame, bool isKeyFrame, long frame)
    {
        var rest = payload;
        if (kind == MediaKind.Video)
        {
            payload[0] = (byte)(0x80 | (startsFrame ? 0x10 : 0));
            payload[1] = 0xE0;
            BinaryPrimitives.WriteUInt16BigEndian(payload[2..], (ushort)(0x8000 | (frame & 0x7FFF)));
            payload[4] = (byte)frame;
            payload[5] = 0;
            payload[6] = (byte)(startsFrame && isKeyFrame ? 0 : 1);
            rest = payload[VideoPrefix..];
        }

        BinaryPrimitives.WriteInt64BigEndian(rest, number);
        BinaryPrimitives.WriteInt32BigEndian(rest[8..], publisher);
        PatternOf(publisher, number, rest.Length - Head).CopyTo(rest[Head..]);
    }

    /// <returns>False where it is not what anybody sent.</returns>
    public static bool TryRead(ReadOnlySpan<byte> payload, MediaKind kind, int length, out int publisher, out long number)
    {
        (publisher, number) = (0, 0);
        if (payload.Length != length)
            return false;
        var rest = kind == MediaKind.Video ? payload[VideoPrefix..] : payload;
        number = BinaryPrimitives.ReadInt64BigEndian(rest);
        publisher = BinaryPrimitives.ReadInt32BigEndian(rest[8..]);
        return rest[Head..].SequenceEqual(PatternOf(publisher, number, rest.Length - Head));
    }

    private static ReadOnlySpan<byte> PatternOf(int publisher, long number, int length) => Pattern.AsSpan((int)((number * 31 + publisher * 7) & PatternMask), length);

    private static byte[] CreatePattern()
    {
        var pattern = new byte[PatternMask + 1 + 2_048];
        new Random(1).NextBytes(pattern);
        return pattern;
    }
}
