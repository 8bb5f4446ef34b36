using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Tocsin.Testing;

/// <summary>
/// Hostile input by the thousand, from a seed that is in the test's output; or, for <c>./dev bench fuzz</c>, for as long as <c>TOCSIN_FUZZ_SECONDS</c> says, counted in the file that
/// <c>TOCSIN_FUZZ_REPORT</c> names.
/// </summary>
/// <remarks>
/// What was a mistake once, and what is read in ways that samples are not, is kept in test/corpus: a file for each statement, an input a line, in hexadecimal. Those are always tried, and changed
/// like the samples.
/// </remarks>
public static class Fuzz
{
    /// <summary>The trait that <c>./dev bench fuzz</c> selects tests by: <c>[Trait(Fuzz.Trait, Fuzz.Parser)]</c>.</summary>
    public const string Trait = "Fuzz";

    /// <inheritdoc cref="Trait"/>
    public const string Parser = "Parser";

    private const string TimeVariable = "TOCSIN_FUZZ_SECONDS";
    private const string ReportVariable = "TOCSIN_FUZZ_REPORT";
    private const string KeepVariable = "TOCSIN_FUZZ_KEEP";

    /// <summary>Inputs that were read in a new way and are changed further: more would only dilute them.</summary>
    private const int MostKept = 512;

    /// <summary>Of those, the shortest so many go into test/corpus where <c>TOCSIN_FUZZ_KEEP</c> is set.</summary>
    private const int MostInCorpus = 32;

    /// <summary>The clock is looked at after so many.</summary>
    private const int RoundsBetweenLooks = 256;

    /// <summary>Throws where something is wrong.</summary>
    public delegate void Statement(ReadOnlySpan<byte> input);

    /// <summary>Throws where something is wrong. What it gives is how the input was read, in numbers of its choice: an input that is read in a new way is changed further.</summary>
    public delegate HashCode Reading(ReadOnlySpan<byte> input);

    /// <summary>States something of random values, each drawn by the statement itself.</summary>
    public static void Cases(int count, Action<Random> statement)
    {
        var random = TestSeed.Random();
        for (var index = 0; index < count; index++)
            statement(random);
    }

    /// <summary>Every sample cut at every byte; with each of its bits turned; and with several changes at once; and plain noise.</summary>
    public static void Inputs(
        IReadOnlyList<byte[]> samples, Statement statement, int rounds = 4000, [CallerFilePath] string file = "", [CallerMemberName] string member = "") =>
        Readings(
            samples,
            input =>
            {
                statement(input);
                return default;
            },
            rounds,
            file,
            member);

    /// <inheritdoc cref="Inputs"/>
    public static void Readings(
        IReadOnlyList<byte[]> samples, Reading reading, int rounds = 4000, [CallerFilePath] string file = "", [CallerMemberName] string member = "")
    {
        var run = new Run(reading, TestSeed.Random());
        var name = $"{Path.GetFileNameWithoutExtension(file)}.{member}";
        foreach (var sample in samples)
        {
            run.CutEverywhere(sample);
            run.TurnEveryBit(sample);
            run.Keep(sample);
        }

        foreach (var input in ReadCorpus(name))
            run.TryAndKeep(input);
        if (Environment.GetEnvironmentVariable(TimeVariable) is { } seconds)
            run.Change(TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture)));
        else
            run.Change(rounds);
        if (Environment.GetEnvironmentVariable(ReportVariable) is { } report)
            File.AppendAllText(report, string.Create(CultureInfo.InvariantCulture, $"{name} {run.Executions} {run.Elapsed.TotalSeconds:F1} {run.WaysRead}\n"));
        if (Environment.GetEnvironmentVariable(KeepVariable) is not null)
            WriteCorpus(name, run.Found);
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

    private static string CorpusPath(string name) => Path.Combine(Repository.Root, "test", "corpus", name + ".txt");

    private static byte[][] ReadCorpus(string name) => File.Exists(CorpusPath(name)) ? [.. File.ReadLines(CorpusPath(name)).Select(Convert.FromHexString)] : [];

    private static void WriteCorpus(string name, IReadOnlyList<byte[]> found)
    {
        var lines = ReadCorpus(name).Concat(found.OrderBy(input => input.Length).Take(MostInCorpus)).Select(Convert.ToHexStringLower).Distinct().ToList();
        if (lines.Count > 0)
            File.WriteAllLines(CorpusPath(name), lines);
    }

    private static byte[] Changed(byte[] sample, Random random)
    {
        var bytes = new List<byte>(sample);
        for (var change = random.Next(1, 5); change > 0 && bytes.Count > 0; change--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(6))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes[at] = (byte)(random.Next(2) * 255); break;
                case 2: bytes.RemoveRange(at, random.Next(bytes.Count - at)); break;
                case 3: bytes.Insert(at, (byte)random.Next(256)); break;
                case 4: bytes.InsertRange(random.Next(bytes.Count), bytes.GetRange(at, Math.Min(random.Next(1, 60), bytes.Count - at))); break;
                default: bytes.AddRange(Bytes(random, random.Next(12))); break;
            }
        }

        return [.. bytes];
    }

    /// <summary>One statement's inputs.</summary>
    private sealed class Run(Reading reading, Random random)
    {
        private readonly List<byte[]> kept = [];
        private readonly List<byte[]> found = [];
        private readonly HashSet<int> ways = [];
        private readonly Stopwatch watch = Stopwatch.StartNew();

        public long Executions { get; private set; }

        public TimeSpan Elapsed => watch.Elapsed;

        public int WaysRead => ways.Count;

        /// <summary>Made here, and read as nothing before it.</summary>
        public IReadOnlyList<byte[]> Found => found;

        public void Keep(byte[] input) => kept.Add(input);

        public void TryAndKeep(byte[] input)
        {
            Try(input);
            Keep(input);
        }

        public void CutEverywhere(byte[] sample)
        {
            for (var length = 0; length <= sample.Length; length++)
                Try(sample.AsSpan(0, length));
        }

        public void TurnEveryBit(byte[] sample)
        {
            for (var bit = 0; bit < 8 * sample.Length; bit++)
            {
                var changed = (byte[])sample.Clone();
                changed[bit / 8] ^= (byte)(1 << (bit % 8));
                Try(changed);
            }
        }

        public void Change(int rounds)
        {
            for (var round = 0; round < rounds; round++)
            {
                var input = random.Next(4) == 0 || kept.Count == 0 ? Bytes(random, random.Next(80)) : Changed(kept[random.Next(kept.Count)], random);
                if (!Try(input) || kept.Count >= MostKept)
                    continue;
                Keep(input);
                found.Add(input);
            }
        }

        public void Change(TimeSpan time)
        {
            var end = watch.Elapsed + time;
            while (watch.Elapsed < end)
                Change(RoundsBetweenLooks);
        }

        /// <returns>Whether it was read as nothing before.</returns>
        private bool Try(ReadOnlySpan<byte> input)
        {
            Executions++;
            try
            {
                return ways.Add(reading(input).ToHashCode());
            }
            catch (Exception fault)
            {
                throw new InvalidOperationException($"This input is to be kept in test/corpus: {Convert.ToHexString(input)}", fault);
            }
        }
    }
}
