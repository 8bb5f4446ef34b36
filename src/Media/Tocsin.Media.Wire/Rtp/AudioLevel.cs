using System.Runtime.InteropServices;

namespace Tocsin.Media.Wire.Rtp;

/// <summary>How loud a packet of audio is, said by its sender in clear.</summary>
/// <param name="HasVoice">What the sender's voice detection says; a hint.</param>
/// <param name="DecibelsBelowOverload">0 (loudest) to 127 (silence).</param>
/// <remarks>RFC 6464 section 3: one byte, <c>|V| level (7) |</c>.</remarks>
[StructLayout(LayoutKind.Auto)]
public readonly record struct AudioLevel(bool HasVoice, byte DecibelsBelowOverload)
{
    public const int Length = 1;
    public const byte Silence = 127;

    /// <summary>The two-byte form may pad the value with bytes of no meaning.</summary>
    public static bool TryParse(ReadOnlySpan<byte> value, out AudioLevel level)
    {
        level = value.IsEmpty ? default : new AudioLevel((value[0] & 0x80) != 0, (byte)(value[0] & 0x7F));
        return !value.IsEmpty;
    }

    public bool TryWrite(Span<byte> destination, out int written)
    {
        written = 0;
        if (destination.IsEmpty || DecibelsBelowOverload > 127)
            return false;
        destination[0] = (byte)((HasVoice ? 0x80 : 0) | DecibelsBelowOverload);
        written = Length;
        return true;
    }
}
