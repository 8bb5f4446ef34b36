namespace Tocsin.Media.Engine.Tests;

/// <summary>Bytes as RFCs print them: hexadecimal digits with white space anywhere.</summary>
internal static class Hex
{
    public static byte[] Parse(string text) => Convert.FromHexString(string.Concat(text.Where(char.IsAsciiHexDigit)));
}
