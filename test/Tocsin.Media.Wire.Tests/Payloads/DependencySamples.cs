using System.Text;

namespace Tocsin.Media.Wire.Tests.Payloads;

/// <summary>Builds Dependency Descriptors bit by bit.</summary>
internal static class DependencySamples
{
    /// <summary>The tables of appendix A.10 for two spatial and two temporal layers: template by template layers, indications, frame differences, chain differences.</summary>
    private static readonly (int Spatial, int Temporal, string Indications, int[] Differences, int[] Chains)[] L2T2 =
    [
        (0, 0, "SSSS", [], [0, 0]),
        (0, 0, "SSRR", [4], [4, 3]),
        (0, 1, "-D-R", [2], [2, 1]),
        (1, 0, "--SS", [1], [1, 1]),
        (1, 0, "--SS", [4, 1], [1, 1]),
        (1, 1, "---D", [2, 1], [3, 2]),
    ];

    public const int L2T2Offset = 60;

    /// <summary>First packet of a key frame: number 0x1234, template 0.</summary>
    public static readonly byte[] KeyFrame = NaiveBits.Bytes(Mandatory(0, 0x1234) + "10000" + L2T2Bits());

    /// <summary>A later frame of the upper layers, in three bytes.</summary>
    public static readonly byte[] Short = NaiveBits.Bytes(Mandatory(5, 0x1239));

    /// <summary>Everything of its own: mask 0b0011, indications, differences of three sizes, chains.</summary>
    public static readonly byte[] Custom = NaiveBits.Bytes(
        Mandatory(1, 0x1235) + "01111" + "0011" + "10110100" + "01" + "0011" + "10" + "00010000" + "11" + "000100000000" + "00" + "00000101" + "11111111");

    public static IReadOnlyList<byte[]> All => [KeyFrame, Short, Custom];

    public static string Mandatory(int template, int frame, bool starts = true, bool ends = false) =>
        $"{(starts ? 1 : 0)}{(ends ? 1 : 0)}{NaiveBits.Text((template + L2T2Offset) % 64, 6)}{NaiveBits.Text(frame, 16)}";

    public static string L2T2Bits()
    {
        var bits = new StringBuilder(NaiveBits.Text(L2T2Offset, 6) + NaiveBits.Text(3, 5) + "00" + "01" + "10" + "00" + "01" + "11");
        foreach (var template in L2T2)
            bits.Append(string.Concat(template.Indications.Select(letter => NaiveBits.Text("-DSR".IndexOf(letter, StringComparison.Ordinal), 2))));
        foreach (var template in L2T2)
            bits.Append(string.Concat(template.Differences.Select(difference => "1" + NaiveBits.Text(difference - 1, 4))) + "0");
        // ns(5) of 2 chains is 10; of each target ns(2) of its chain is one bit.
        bits.Append("10").Append("0011");
        foreach (var template in L2T2)
            bits.Append(string.Concat(template.Chains.Select(chain => NaiveBits.Text(chain, 4))));
        return bits.Append('1').Append(NaiveBits.Text(639, 16)).Append(NaiveBits.Text(359, 16)).Append(NaiveBits.Text(1279, 16)).Append(NaiveBits.Text(719, 16)).ToString();
    }

    /// <summary>A key frame of any shape.</summary>
    public static byte[] RandomKeyFrame(Random random, int frame)
    {
        var targets = random.Next(1, 33);
        var bits = new StringBuilder(NaiveBits.Text(random.Next(4) == 0 ? 0 : random.Next(256), 8) + NaiveBits.Text(frame, 16));
        bits.Append('1').Append(NaiveBits.Text(random.Next(16), 4));
        bits.Append(NaiveBits.Text(random.Next(4) == 0 ? 0 : random.Next(64), 6)).Append(NaiveBits.Text(targets - 1, 5));
        for (var more = random.Next(12); more > 0; more--)
            bits.Append(NaiveBits.Text(random.Next(3), 2));
        bits.Append("11");
        while (bits.Length < 8 * random.Next(20, 250))
            bits.Append(random.Next(2));
        return NaiveBits.Bytes(bits.ToString());
    }
}
