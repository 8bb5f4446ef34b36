using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Tocsin.Media.Engine.Dtls;
using Tocsin.Media.Forwarding.Meetings;
using Tocsin.Media.Host.Meetings;
using Tocsin.Media.Host.Sockets;

namespace Tocsin.Media.Host;

/// <summary>The media of a server: loops that share one port, and the meetings that each of them owns.</summary>
/// <remarks>Any thread.</remarks>
public sealed class MediaHost : IDisposable
{
    /// <summary>What a loop's datagrams are written to takes memory, and past it the network is full first.</summary>
    public const int MaximumThreads = 64;

    // Whatever differs by less than a tenth of a core is no reason to put a meeting beside more others.
    private const int LoadSteps = 10;

    private readonly DtlsContext _dtls;
    private readonly MediaLoop[] _loops;

    private MediaHost(DtlsContext dtls, MediaLoop[] loops) => (_dtls, _loops) = (dtls, loops);

    /// <summary>Where datagrams are received.</summary>
    public IPEndPoint UdpEndPoint => _loops[0].LocalEndPoint;

    /// <summary>Where connections are accepted; null: nowhere.</summary>
    public IPEndPoint? TcpEndPoint => _loops[0].TcpEndPoint;

    /// <summary>The fingerprint that signalling tells every participant.</summary>
    public DtlsFingerprint Fingerprint => _dtls.Fingerprint;

    public IReadOnlyList<MediaLoop> Loops => _loops;

    /// <summary>Opens the ports and starts the threads.</summary>
    /// <param name="certificate">Made anew at each start.</param>
    /// <param name="address">Null: all addresses of this machine.</param>
    /// <param name="port">UDP; 0: any that is free.</param>
    /// <param name="tcpPort">0: any that is free; null: no TCP.</param>
    /// <param name="onFault">Hears, on a media thread, what a command has thrown.</param>
    /// <param name="threads">Null: one for each core. At most <see cref="MaximumThreads"/>.</param>
    /// <exception cref="SocketException">A port is taken, or the address is none of this machine's.</exception>
    /// <exception cref="DllNotFoundException">The system has no OpenSSL 3.</exception>
    public static MediaHost Start(DtlsCertificate certificate, IPAddress? address, int port, int? tcpPort, Action<Exception> onFault, int? threads = null)
    {
        var dtls = new DtlsContext(certificate);
        Socket? listener = null;
        try
        {
            listener = tcpPort is { } wanted ? TcpPaths.Bind(address, wanted) : null;
            var sockets = DatagramSockets.Open(address, port, Math.Clamp(threads ?? Environment.ProcessorCount, 1, MaximumThreads));
            return new(dtls, MediaLoop.Start(dtls, sockets, listener, onFault));
        }
        catch
        {
            listener?.Dispose();
            dtls.Dispose();
            throw;
        }
    }

    /// <summary>A new meeting, on the thread that has the least to do; where several have as little, on the one with the fewest meetings, then the fewest peers.</summary>
    /// <param name="events">Called on its thread.</param>
    public HostedMeeting OpenMeeting(MeetingOptions options, IMeetingEvents events)
    {
        var loop = _loops.MinBy(candidate => (Math.Floor(candidate.Load * LoadSteps), candidate.MeetingCount, candidate.PeerCount))!;
        return new(loop, options, events, RandomNumberGenerator.GetInt32(int.MaxValue));
    }

    /// <summary>Stops the threads and says goodbye to all peers. Waits for it.</summary>
    public void Dispose()
    {
        // The first last: the others may send through its socket.
        for (var index = _loops.Length - 1; index >= 0; index--) _loops[index].Dispose();
        _dtls.Dispose();
    }
}
