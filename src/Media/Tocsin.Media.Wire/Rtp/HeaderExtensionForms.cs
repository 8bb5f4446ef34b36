namespace Tocsin.Media.Wire.Rtp;

public static class HeaderExtensionForms
{
    /// <summary>Whether an element can be written in that form.</summary>
    /// <remarks>RFC 8285 sections 4.2 and 4.3. A value of 17 to 255 bytes, as a Dependency Descriptor with its structure, needs the two-byte form.</remarks>
    public static bool CanCarry(HeaderExtensionForm form, byte id, int length) => form switch
    {
        HeaderExtensionForm.OneByte => id is >= 1 and <= 14 && length is >= 1 and <= 16,
        _ => id != 0 && length is >= 0 and <= 255,
    };

    /// <summary>The smaller form of the two that carries all of both.</summary>
    public static HeaderExtensionForm Widest(HeaderExtensionForm first, HeaderExtensionForm second) =>
        first == HeaderExtensionForm.TwoByte ? first : second;
}
