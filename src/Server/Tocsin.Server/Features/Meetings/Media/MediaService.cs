using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Tocsin.Media.Engine.Dtls;
using Tocsin.Media.Host;
using Tocsin.Server.Features.Meetings.Signalling;
using Tocsin.Server.Hosting;

namespace Tocsin.Server.Features.Meetings.Media;

/// <summary>The media engine as part of the server: begins and ends with it. Where it cannot begin, alerting goes on without it.</summary>
internal sealed partial class MediaService(TocsinOptions options, ServerAddress address, TimeProvider time, ILogger<MediaService> logger) : IHostedService, IDisposable
{
    /// <summary>Null while there is no media engine: meetings are refused.</summary>
    public MediaHost? Host { get; private set; }

    /// <summary>Where participants send their checks, the preferred first.</summary>
    public IReadOnlyList<IceCandidate> Candidates { get; private set; } = [];

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (!options.Media.Enabled) return Task.CompletedTask;
        try
        {
            Host = Open();
            Candidates = MediaCandidates.Of(MediaCandidates.Advertised(options.Media, Host.UdpEndPoint.Address), Host.UdpEndPoint.Port, Host.TcpEndPoint?.Port);
        }
        catch (Exception exception) when (exception is SocketException or DllNotFoundException or EntryPointNotFoundException or CryptographicException)
        {
            NoMedia(logger, exception.Message);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose() => Host?.Dispose();

    private MediaHost Open()
    {
        var certificate = DtlsCertificate.Create(time.GetUtcNow());
        var media = options.Media;
        var where = (media.Address ?? options.Address) is { } text && text != "*" ? IPAddress.Parse(text) : null;

        // With a port that the system chose for the server, media have one that it chooses too.
        var port = media.Port ?? (options.Port == 0 ? 0 : address.OnThisMachine.Port);
        if (!media.Tcp) return MediaHost.Start(certificate, where, port, null, OnFault, media.Threads);
        try
        {
            return MediaHost.Start(certificate, where, port, media.TcpPort ?? (port is 0 or 65535 ? 0 : port + 1), OnFault, media.Threads);
        }
        catch (SocketException exception) when (media.TcpPort is null)
        {
            // Nobody asked for this very port: better no TCP than no calls.
            NoTcp(logger, exception.Message);
            return MediaHost.Start(certificate, where, port, null, OnFault, media.Threads);
        }
    }

    private void OnFault(Exception fault) => CommandFailed(logger, fault.GetType().Name);

    [LoggerMessage(Level = LogLevel.Error, Message = "Meetings are off: the media port cannot be opened ({Reason}). See media.port, or switch them off with media.enabled.")]
    private static partial void NoMedia(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Calls are possible over UDP only: the TCP port for media cannot be opened ({Reason}). See media.tcpPort.")]
    private static partial void NoTcp(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "A command to a media thread failed: {Kind}.")]
    private static partial void CommandFailed(ILogger logger, string kind);
}
