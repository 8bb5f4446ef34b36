using System.Runtime.InteropServices;

namespace Tocsin.Alerting.Channels.Sms.Replies;

/// <summary>Which part of a text in several parts a short message is.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PartNumber(int Reference, byte Total, byte Number)
{
    public bool IsSound => Total > 1 && Number >= 1 && Number <= Total;
}

/// <summary>The header before the words of a short message.</summary>
/// <remarks>
/// 3GPP TS 23.040 section 9.2.3.24: length, then elements of identifier, length, value. Read here: 0x00 (reference of 8 bits) and 0x08 (of 16 bits).
/// </remarks>
internal static class UserDataHeader
{
    /// <returns>False where the header is longer than the user data or an element longer than the header.</returns>
    public static bool TryParse(ReadOnlySpan<byte> userData, out int length, out PartNumber? part)
    {
        length = 0;
        part = null;
        if (userData.IsEmpty || userData.Length < 1 + userData[0])
            return false;
        length = 1 + userData[0];
        for (var elements = userData[1..length]; !elements.IsEmpty;)
        {
            if (elements.Length < 2 || elements.Length < 2 + elements[1])
                return false;
            var value = elements.Slice(2, elements[1]);
            part ??= (elements[0], value.Length) switch
            {
                (0x00, 3) => new PartNumber(value[0], value[1], value[2]),
                (0x08, 4) => new PartNumber((value[0] << 8) | value[1], value[2], value[3]),
                _ => null,
            };
            elements = elements[(2 + value.Length)..];
        }

        return true;
    }
}
