using System.Globalization;

namespace Tocsin.Bench.Sfu.Hostile;

/// <summary>Datagrams that the system dropped because a socket's queue was full.</summary>
internal static class SystemDrops
{
    /// <remarks>proc_net_udp: the second field is address:port in hexadecimal, the last counts what was dropped.</remarks>
    public static long OfUdpPort(int port)
    {
        var suffix = string.Create(CultureInfo.InvariantCulture, $":{port:X4}");
        return File.ReadLines("/proc/net/udp").Concat(File.ReadLines("/proc/net/udp6"))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields.Length > 2 && fields[1].EndsWith(suffix, StringComparison.Ordinal))
            .Sum(fields => long.Parse(fields[^1], CultureInfo.InvariantCulture));
    }
}
