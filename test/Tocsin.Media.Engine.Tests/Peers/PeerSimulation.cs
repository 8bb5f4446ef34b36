using Tocsin.Media.Engine.Dtls;
using Tocsin.Media.Engine.Ice;
using Tocsin.Media.Engine.Peers;
using Tocsin.Media.Wire;

namespace Tocsin.Media.Engine.Tests.Peers;

/// <summary>A <see cref="Peer"/> and a browser, a network between them, and the host's part of the contract, under virtual time.</summary>
internal sealed class PeerSimulation : IPeerMedia, IDatagramOutput, IPeerEvents, IDisposable
{
    public static readonly DtlsContext Context = new(DtlsCertificate.Create(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)));
    private readonly Random _random;
    private readonly PriorityQueue<(bool ToServer, NetworkPath Path, byte[] Datagram), (long, int)> _network = new();
    private readonly byte[] _reserved = new byte[4_096];
    private readonly Queue<(Instant At, DtlsStep Step)> _steps = new();
    private int _sent;

    public PeerSimulation(Random random, bool nominatesAtOnce = false, string? srtpProfiles = null)
    {
        _random = random;
        Peer = new(Context, IceCredentials.Create(), this, this, this);
        Browser = new(Peer.Credentials, random, nominatesAtOnce, (path, datagram) => Enqueue(toServer: true, path, datagram), srtpProfiles);
    }

    public Peer Peer { get; }

    public TestBrowser Browser { get; }

    public Instant Now { get; private set; } = new(1_000_000_000);

    public int LossPercent { get; set; }

    public TimeSpan Jitter { get; set; }

    public TimeSpan StepDuration { get; set; } = TimeSpan.FromMilliseconds(2);

    public List<PeerState> States { get; } = [];

    public List<byte[]> Rtp { get; } = [];

    public List<byte[]> Rtcp { get; } = [];

    public int DtlsDatagramsToBrowser { get; private set; }

    public int PendingSteps => _steps.Count;

    public bool AreConnected => Peer.State == PeerState.Connected && Browser.HasKeys;

    public bool RunUntil(Func<bool> done, TimeSpan limit)
    {
        var end = Now + limit;
        while (!done())
        {
            var next = Instant.Earlier(Peer.NextWakeUp, Browser.NextWakeUp);
            if (_steps.TryPeek(out var step)) next = Instant.Earlier(next, step.At);
            if (_network.TryPeek(out _, out var due)) next = Instant.Earlier(next, new(due.Item1));
            if (next > end)
            {
                Now = end;
                return false;
            }
            Now = next > Now ? next : Now;
            Advance();
        }
        return true;
    }

    public void Run(TimeSpan duration) => RunUntil(() => false, duration);

    /// <summary>Both ready for media, from nothing; the server gives up after 30 s.</summary>
    public void Connect()
    {
        Peer.ExpectFingerprint(Now, Browser.Dtls.Certificate.Fingerprint);
        Assert.True(RunUntil(() => AreConnected, TimeSpan.FromSeconds(29)), $"{Peer.State} {Peer.Failure} {Browser.Dtls.Progress}");
    }

    public void OnRtp(Instant now, Peer peer, Span<byte> packet) => Rtp.Add(packet.ToArray());

    public void OnRtcp(Instant now, Peer peer, Span<byte> packet) => Rtcp.Add(packet.ToArray());

    public Span<byte> Reserve(int length) => _reserved.AsSpan(0, length);

    public void Send(in NetworkPath path, int length) => Enqueue(toServer: false, path, _reserved.AsSpan(0, length).ToArray());

    public void OnStateChanged(Instant now, Peer peer) => States.Add(peer.State);

    public void OnHandshakeStep(Peer peer, DtlsStep step) => _steps.Enqueue((Now + StepDuration, step));

    public void FinishStep()
    {
        var (_, step) = _steps.Dequeue();
        step.Run();
        Peer.FinishHandshakeStep(Now, step);
    }

    public void Dispose()
    {
        Peer.Dispose();
        while (_steps.Count > 0) FinishStep();
        Browser.Dispose();
    }

    private void Advance()
    {
        while (_steps.TryPeek(out var step) && step.At <= Now) FinishStep();
        Peer.HandleTimeout(Now);
        Browser.HandleTimeout(Now);
        while (_network.TryPeek(out _, out var due) && due.Item1 <= Now.Nanoseconds)
        {
            var (toServer, path, datagram) = _network.Dequeue();
            if (toServer) Peer.HandleDatagram(Now, datagram, path);
            // What is sent to where the browser no longer is, is lost.
            else if (path == Browser.Path && Browser.IsOnline) Browser.Receive(Now, path, datagram);
        }
    }

    private void Enqueue(bool toServer, NetworkPath path, byte[] datagram)
    {
        if (!toServer && Datagram.Classify(datagram) == DatagramKind.Dtls) DtlsDatagramsToBrowser++;
        if (_random.Next(100) < LossPercent) return;
        var arrival = Now + TimeSpan.FromMilliseconds(5) + Jitter * _random.NextDouble();
        _network.Enqueue((toServer, path, datagram), (arrival.Nanoseconds, _sent++));
    }
}
