using System.Globalization;
using System.Runtime.InteropServices;

namespace Tocsin.Testing;

/// <summary>Looks for bytes in everything that a running process holds in memory (proc(5), <c>/proc/PID/mem</c>), as whoever takes the machine over could.</summary>
public static class ProcessMemory
{
    private const int Block = 4 << 20;

    /// <summary>Shorter ones would be found by chance.</summary>
    private const int ShortestNeedle = 8;

    /// <summary>Those of <paramref name="needles"/> that are somewhere in what the process may write to.</summary>
    /// <exception cref="ArgumentException">One is too short to say anything.</exception>
    public static IReadOnlySet<int> Find(int processId, IReadOnlyList<byte[]> needles)
    {
        ArgumentNullException.ThrowIfNull(needles);
        if (needles.Count == 0) throw new ArgumentException("Nothing to look for.", nameof(needles));
        if (needles.Any(needle => needle.Length < ShortestNeedle)) throw new ArgumentException($"What is looked for has at least {ShortestNeedle} bytes.", nameof(needles));
        var search = new Search(needles);
        var longest = needles.Max(needle => needle.Length);
        var directory = string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}");
        using var memory = File.OpenHandle($"{directory}/mem");
        var buffer = new byte[Block];
        foreach (var (begin, end) in WritableRanges(File.ReadLines($"{directory}/maps")))
        {
            // Blocks overlap, so that nothing is cut in two.
            for (var at = begin; at < end;)
            {
                var read = Read(memory, buffer.AsSpan(0, (int)Math.Min(Block, end - at)), at);
                if (read < longest) break;
                search.Look(buffer.AsSpan(0, read));
                if (at + read >= end) break;
                at += read - longest + 1;
            }
        }

        return search.Found;
    }

    private static IEnumerable<(long Begin, long End)> WritableRanges(IEnumerable<string> maps)
    {
        foreach (var line in maps)
        {
            var fields = line.Split(' ', 3);
            if (fields.Length < 3 || !fields[1].StartsWith("rw", StringComparison.Ordinal)) continue;
            var dash = fields[0].IndexOf('-', StringComparison.Ordinal);
            if (long.TryParse(fields[0].AsSpan(0, dash), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var begin) &&
                long.TryParse(fields[0].AsSpan(dash + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var end))
            {
                yield return (begin, end);
            }
        }
    }

    /// <returns>Bytes read; 0 where the range is gone meanwhile, or nobody may read it.</returns>
    private static int Read(Microsoft.Win32.SafeHandles.SafeFileHandle memory, Span<byte> buffer, long at)
    {
        try
        {
            return RandomAccess.Read(memory, buffer, at);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    /// <summary>All needles at once: each place is looked at closely only where four bytes of one begin there.</summary>
    private sealed class Search
    {
        private readonly IReadOnlyList<byte[]> needles;
        private readonly Dictionary<uint, List<int>> beginnings = [];
        private readonly bool[] mayBegin = new bool[1 << 16];
        private readonly HashSet<int> found = [];

        public Search(IReadOnlyList<byte[]> needles)
        {
            this.needles = needles;
            for (var i = 0; i < needles.Count; i++)
            {
                var beginning = MemoryMarshal.Read<uint>(needles[i]);
                mayBegin[(ushort)beginning] = true;
                if (!beginnings.TryGetValue(beginning, out var same)) beginnings[beginning] = same = [];
                same.Add(i);
            }
        }

        public IReadOnlySet<int> Found => found;

        public void Look(ReadOnlySpan<byte> bytes)
        {
            for (var at = 0; at <= bytes.Length - sizeof(uint); at++)
            {
                var beginning = MemoryMarshal.Read<uint>(bytes[at..]);
                if (!mayBegin[(ushort)beginning] || !beginnings.TryGetValue(beginning, out var those)) continue;
                foreach (var needle in those)
                {
                    if (bytes[at..].StartsWith(needles[needle])) found.Add(needle);
                }
            }
        }
    }
}
