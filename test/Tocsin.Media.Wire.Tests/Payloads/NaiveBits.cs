using System.Globalization;

namespace Tocsin.Media.Wire.Tests.Payloads;

/// <summary>Bits as a text of zeros and ones, for slow readers and for building samples.</summary>
internal sealed class NaiveBits(string bits)
{
    private int _at;

    public int Left => bits.Length - _at;

    public int Position => _at;

    public static NaiveBits Of(ReadOnlySpan<byte> bytes)
    {
        var text = "";
        foreach (var value in bytes)
            text += Convert.ToString(value, 2).PadLeft(8, '0');
        return new NaiveBits(text);
    }

    public static string Text(long value, int count) => count == 0 ? "" : Convert.ToString(value, 2).PadLeft(count, '0');

    public static byte[] Bytes(string text) =>
        [.. text.PadRight((text.Length + 7) / 8 * 8, '0').Chunk(8).Select(octet => Convert.ToByte(new string(octet), 2))];

    /// <exception cref="EndOfBits">There are not as many.</exception>
    public int Take(int count)
    {
        if (Left < count)
            throw new EndOfBits();
        var taken = bits.Substring(_at, count);
        _at += count;
        return count == 0 ? 0 : int.Parse(taken, NumberStyles.BinaryNumber, CultureInfo.InvariantCulture);
    }

    /// <summary>ns(n) of AV1 Bitstream section 4.10.7, as printed there.</summary>
    public int TakeNonSymmetric(int n)
    {
        var w = 0;
        for (var x = n; x != 0; x >>= 1)
            w++;
        var m = (1 << w) - n;
        var v = Take(w - 1);
        return v < m ? v : (v << 1) - m + Take(1);
    }

    internal sealed class EndOfBits : Exception;
}
