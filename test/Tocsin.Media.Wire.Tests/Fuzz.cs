using Tocsin.Testing;

namespace Tocsin.Media.Wire.Tests;

/// <summary>Hostile input by the thousand, from a seed that is in the test's output.</summary>
internal static class Fuzz
{
    public delegate void Statement(ReadOnlySpan<byte> input);

    /// <summary>States something of random values, each drawn by the statement itself.</summary>
    public static void Cases(int count, Action<Random> statement)
    {
        var random = TestSeed.Random();
        for (var index = 0; index < count; index++)
            statement(random);
    }

    /// <summary>Every sample cut at every byte; with each of its bits turned; and with several changes at once; and plain noise.</summary>
    public static void Inputs(IReadOnlyList<byte[]> samples, Statement statement, int rounds = 4000)
    {
        foreach (var sample in samples)
        {
            CutEverywhere(sample, statement);
            TurnEveryBit(sample, statement);
        }

        Cases(rounds, random =>
        {
            var sample = random.Next(4) == 0 ? Bytes(random, random.Next(80)) : Changed(samples[random.Next(samples.Count)], random);
            statement(sample);
        });
    }

    public static void CutEverywhere(byte[] sample, Statement statement)
    {
        for (var length = 0; length <= sample.Length; length++)
            statement(sample.AsSpan(0, length));
    }

    public static byte[] Bytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private static void TurnEveryBit(byte[] sample, Statement statement)
    {
        for (var bit = 0; bit < 8 * sample.Length; bit++)
        {
            var changed = (byte[])sample.Clone();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            statement(changed);
        }
    }

    private static byte[] Changed(byte[] sample, Random random)
    {
        var bytes = new List<byte>(sample);
        for (var change = random.Next(1, 5); change > 0 && bytes.Count > 0; change--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes[at] = (byte)(random.Next(2) * 255); break;
                case 2: bytes.RemoveRange(at, random.Next(bytes.Count - at)); break;
                case 3: bytes.Insert(at, (byte)random.Next(256)); break;
                default: bytes.AddRange(Bytes(random, random.Next(12))); break;
            }
        }

        return [.. bytes];
    }
}
