using Tocsin.Media.Engine.Dtls;
using Tocsin.Media.Engine.Ice;
using Tocsin.Media.Engine.Srtp;
using Tocsin.Media.Engine.Tests.Dtls;
using Tocsin.Media.Engine.Tests.Ice;
using Tocsin.Media.Wire;
using Tocsin.Media.Wire.Rtp;

namespace Tocsin.Media.Engine.Tests.Peers;

/// <summary>The other end: checks paths until one answers, begins DTLS then, and speaks SRTP once it has keys. Sends by calling back.</summary>
internal sealed class TestBrowser : IDisposable
{
    private readonly IceTestClient _ice;
    private readonly Action<NetworkPath, byte[]> _send;
    private readonly HashSet<NetworkPath> _answered = [];
    private SrtpReceiver? _receiver;
    private SrtpSender? _sender;
    private Instant _nextCheck = new(0);
    private Instant _dtlsTimer = Instant.Never;
    private TimeSpan _dtlsTimeout;
    private bool _dtlsBegun;

    /// <param name="nominatesAtOnce">As Firefox does; Chromium nominates with its second check.</param>
    public TestBrowser(IceCredentials server, Random random, bool nominatesAtOnce, Action<NetworkPath, byte[]> send, string? srtpProfiles = null)
    {
        _ice = new(server, random);
        NominatesAtOnce = nominatesAtOnce;
        _send = send;
        Dtls = srtpProfiles is null ? new() : new(srtpProfiles);
    }

    public bool NominatesAtOnce { get; }

    public DtlsTestClient Dtls { get; }

    public NetworkPath Path { get; set; } = IceTestClient.Path(1);

    /// <summary>False: the network is gone, and nothing leaves.</summary>
    public bool IsOnline { get; set; } = true;

    public List<byte[]> Rtp { get; } = [];

    public List<byte[]> Rtcp { get; } = [];

    /// <summary>The paths by which media came.</summary>
    public List<NetworkPath> MediaPaths { get; } = [];

    public bool HasKeys => _sender is not null;

    public Instant NextWakeUp => Instant.Earlier(_nextCheck, Dtls.IsConnected ? Instant.Never : _dtlsTimer);

    public void UseCredentials(IceCredentials server)
    {
        _ice.Server = server;
        _answered.Clear();
        _nextCheck = new(0);
    }

    public void HandleTimeout(Instant now)
    {
        if (now >= _nextCheck)
        {
            Send(_ice.Check(NominatesAtOnce || _answered.Contains(Path)));
            _nextCheck = now + (_answered.Contains(Path) && _dtlsBegun && HasKeys ? TimeSpan.FromSeconds(2.5) : TimeSpan.FromMilliseconds(50));
        }
        if (!Dtls.IsConnected && now >= _dtlsTimer)
        {
            foreach (var datagram in Dtls.ExpireTimer()) Send(datagram);
            _dtlsTimeout = _dtlsTimeout * 2 < DtlsTestClient.LongestTimeout ? _dtlsTimeout * 2 : DtlsTestClient.LongestTimeout;
            _dtlsTimer = now + _dtlsTimeout;
        }
    }

    public void Receive(Instant now, NetworkPath path, byte[] datagram)
    {
        switch (Datagram.Classify(datagram))
        {
            case DatagramKind.Stun when _ice.IsSuccess(datagram, out _):
                _answered.Add(path);
                if (!_dtlsBegun) Begin(now);
                break;
            case DatagramKind.Dtls:
                foreach (var answer in Dtls.Receive(datagram)) Send(answer);
                if (Dtls.IsConnected && !HasKeys) TakeKeys();
                break;
            case DatagramKind.Rtp when _receiver?.UnprotectRtp(datagram, datagram, out var length) == SrtpResult.Ok:
                Rtp.Add(datagram[..length]);
                MediaPaths.Add(path);
                break;
            case DatagramKind.Rtcp when _receiver?.UnprotectRtcp(datagram, datagram, out var length) == SrtpResult.Ok:
                Rtcp.Add(datagram[..length]);
                break;
        }
    }

    public void SendRtp(byte[] packet) => Send(ProtectRtp(packet));

    public void SendRtcp(byte[] packet)
    {
        var buffer = new byte[packet.Length + _sender!.RtcpOverhead];
        Assert.Equal(SrtpResult.Ok, _sender.ProtectRtcp(packet, buffer, out _));
        Send(buffer);
    }

    public byte[] ProtectRtp(byte[] packet)
    {
        var buffer = new byte[packet.Length + _sender!.RtpOverhead];
        Assert.True(RtpHeader.TryParse(packet, out var header));
        Assert.Equal(SrtpResult.Ok, _sender.ProtectRtp(header.Bytes, packet.AsSpan(header.Length), buffer, out _));
        return buffer;
    }

    public byte[] Check(bool nominates) => _ice.Check(nominates);

    public void SayGoodbye()
    {
        foreach (var datagram in Dtls.SayGoodbye()) Send(datagram);
    }

    public void Dispose()
    {
        Dtls.Dispose();
        _receiver?.Dispose();
        _sender?.Dispose();
    }

    private void Begin(Instant now)
    {
        _dtlsBegun = true;
        foreach (var datagram in Dtls.Start()) Send(datagram);
        _dtlsTimeout = TimeSpan.FromMilliseconds(50);
        _dtlsTimer = now + _dtlsTimeout;
    }

    private void TakeKeys()
    {
        var (client, server) = Dtls.ExportKeys();
        _sender = new(client);
        _receiver = new(server);
    }

    private void Send(byte[] datagram)
    {
        if (IsOnline) _send(Path, datagram);
    }
}
