using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Tocsin.Media.Wire.Rtp;

/// <summary>A MID or RID: 1 to 16 characters of ASCII held by value, so that telling streams apart allocates nothing.</summary>
/// <remarks>RFC 9143 section 15.1 (MID), RFC 8852 section 4 (RtpStreamId, RepairedRtpStreamId); characters of a token (RFC 8866 section 9). Longer ones are refused.</remarks>
[StructLayout(LayoutKind.Auto)]
public readonly record struct StreamToken
{
    public const int MaximumLength = 16;

    /// <summary>The characters in order from the most significant byte, then zeros: no token holds a zero, so the length is told by the bits.</summary>
    private readonly UInt128 _characters;

    private StreamToken(UInt128 characters, int length)
    {
        _characters = characters;
        Length = length;
    }

    /// <summary>0 only in a default value, which is no token.</summary>
    public int Length { get; }

    public static bool TryParse(ReadOnlySpan<byte> value, out StreamToken token)
    {
        token = default;
        // The two-byte form, and some senders, pad with zeros.
        value = value.TrimEnd((byte)0);
        if (value.Length is 0 or > MaximumLength)
            return false;
        foreach (var character in value)
        {
            if (!IsTokenCharacter(character))
                return false;
        }

        Span<byte> bytes = stackalloc byte[MaximumLength];
        bytes.Clear();
        value.CopyTo(bytes);
        token = new StreamToken(BinaryPrimitives.ReadUInt128BigEndian(bytes), value.Length);
        return true;
    }

    /// <summary>For what was said in signalling.</summary>
    public static bool TryParse(string value, out StreamToken token)
    {
        Span<byte> bytes = stackalloc byte[MaximumLength];
        token = default;
        return Encoding.UTF8.TryGetBytes(value, bytes, out var length) && TryParse(bytes[..length], out token) && token.Length == length;
    }

    public bool TryWrite(Span<byte> destination, out int written)
    {
        written = 0;
        if (Length == 0 || destination.Length < Length)
            return false;
        Span<byte> bytes = stackalloc byte[MaximumLength];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, _characters);
        bytes[..Length].CopyTo(destination);
        written = Length;
        return true;
    }

    /// <summary>Allocates.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[MaximumLength];
        _ = TryWrite(bytes, out var written);
        return Encoding.ASCII.GetString(bytes[..written]);
    }

    private static bool IsTokenCharacter(byte character) =>
        character is 0x21 or (>= 0x23 and <= 0x27) or 0x2A or 0x2B or 0x2D or 0x2E or (>= 0x30 and <= 0x39) or (>= 0x41 and <= 0x5A) or (>= 0x5E and <= 0x7E);
}
