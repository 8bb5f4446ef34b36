using System.Globalization;

namespace Tocsin.Bench.Sfu.Load;

/// <summary>What a process has used of the processors, in user and system mode, with all of its threads.</summary>
internal static class ProcessorTime
{
    /// <summary>Of every Linux of our kind: USER_HZ is part of its interface and 100.</summary>
    private const double TicksPerSecond = 100;

    /// <remarks>proc_pid_stat(5): fields 14 and 15; the second, the name, may hold blanks and is in parentheses.</remarks>
    public static double SecondsOf(int process)
    {
        var text = File.ReadAllText($"/proc/{process}/stat");
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }
}
