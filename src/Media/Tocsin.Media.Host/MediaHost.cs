using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Tocsin.Media.Engine.Dtls;
using Tocsin.Media.Forwarding.Meetings;
using Tocsin.Media.Host.Meetings;

namespace Tocsin.Media.Host;

/// <summary>The media of a server: loops that share one port, and the meetings that each of them owns.</summary>
/// <remarks>Any thread.</remarks>
public sealed class MediaHost : IDisposable
{
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
    /// <exception cref="SocketException">A port is taken, or the address is none of this machine's.</exception>
    /// <exception cref="DllNotFoundException">The system has no OpenSSL 3.</exception>
    public static MediaHost Start(DtlsCertificate certificate, IPAddress? address, int port, int? tcpPort, Action<Exception> onFault)
    {
        var dtls = new DtlsContext(certificate);
        try
        {
            return new(dtls, [MediaLoop.Start(dtls, address, port, tcpPort, onFault)]);
        }
        catch
        {
            dtls.Dispose();
            throw;
        }
    }

    /// <summary>A new meeting, on the thread that has the fewest peers.</summary>
    /// <param name="events">Called on its thread.</param>
    public HostedMeeting OpenMeeting(MeetingOptions options, IMeetingEvents events)
    {
        var loop = _loops.MinBy(candidate => candidate.PeerCount)!;
        return new(loop, options, events, RandomNumberGenerator.GetInt32(int.MaxValue));
    }

    /// <summary>Stops the threads and says goodbye to all peers. Waits for it.</summary>
    public void Dispose()
    {
        foreach (var loop in _loops) loop.Dispose();
        _dtls.Dispose();
    }
}
