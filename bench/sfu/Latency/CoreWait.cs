using System.Globalization;

namespace Tocsin.Bench.Sfu.Latency;

/// <summary>How long threads were ready to run and had no core, because other programs, or other threads of their own, had it: on a machine that others use too, what no server can help.</summary>
/// <remarks>The second field of /proc/PID/task/TID/schedstat, of all threads together.</remarks>
internal static class CoreWait
{
    /// <returns>Seconds, since the process began.</returns>
    public static double SecondsOf(int process)
    {
        var nanoseconds = 0L;
        foreach (var task in Directory.EnumerateDirectories($"/proc/{process}/task"))
        {
            try
            {
                nanoseconds += long.Parse(File.ReadAllText(Path.Combine(task, "schedstat")).Split(' ')[1], CultureInfo.InvariantCulture);
            }
            catch (IOException)
            {
                // It has ended meanwhile.
            }
        }

        return nanoseconds / 1e9;
    }
}
