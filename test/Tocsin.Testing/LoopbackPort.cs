using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Tocsin.Testing;

/// <summary>Ports on the loopback interface.</summary>
public static class LoopbackPort
{
    // From here on the system gives ports to whoever asks for any, and to every connection that goes out.
    private static readonly int end = FirstOfSystem();
    private static readonly int first = end / 2;

    // Another process that looks for one at the same time begins elsewhere.
    private static int last = Random.Shared.Next(end - first);

    /// <summary>A port that nobody listens on now, for programs that cannot bind port 0 and say which they got, and for those that come back to their port.</summary>
    /// <remarks>It is given out once in this process, and is none that the system chooses: neither another test's server nor a connection takes it meanwhile.</remarks>
    public static int Free()
    {
        for (var tried = first; tried < end; tried++)
        {
            var port = first + (int)((uint)Interlocked.Increment(ref last) % (uint)(end - first));
            using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                probe.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException)
            {
                // Taken: the next one.
            }
        }

        throw new InvalidOperationException($"Every port from {first} to {end - 1} is taken.");
    }

    private static int FirstOfSystem()
    {
        // ip(7): the first and the last.
        const string Range = "/proc/sys/net/ipv4/ip_local_port_range";
        const int Usual = 32_768;
        return File.Exists(Range) && int.TryParse(File.ReadAllText(Range).Split((char[])['\t', ' '])[0], CultureInfo.InvariantCulture, out var port) && port > 4_096 ? port : Usual;
    }
}
