using Tocsin.Media.Engine;
using Tocsin.Media.Engine.Dtls;
using Tocsin.Media.Engine.Ice;
using Tocsin.Media.Engine.Peers;
using Tocsin.Media.Engine.Tests.Peers;

namespace Tocsin.Media.Forwarding.Tests.Simulation;

/// <summary>What lies between a transport and its browser outside of the quick simulations: ICE, DTLS and SRTP of both ends, with the host's part of the contract.</summary>
internal sealed class EncryptedPath : IPeerMedia, IDatagramOutput, IPeerEvents, IDisposable
{
    private static readonly DtlsContext Context = new(DtlsCertificate.Create(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)));
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    private readonly MeetingSimulation simulation;
    private readonly SimulatedBrowser browser;
    private readonly NetworkLink fromServer;
    private readonly TestBrowser ends;
    private readonly byte[] reserved = new byte[4_096];
    private bool isDisposed;

    public EncryptedPath(MeetingSimulation simulation, SimulatedBrowser browser, NetworkLink toServer, NetworkLink fromServer)
    {
        (this.simulation, this.browser, this.fromServer) = (simulation, browser, fromServer);
        Peer = new Peer(Context, IceCredentials.Create(), this, this, this);
        ends = new TestBrowser(Peer.Credentials, simulation.Random, nominatesAtOnce: true, (path, datagram) =>
        {
            if (toServer.Send(simulation.Now, datagram.Length + 28) is not { } arrival)
                return;
            simulation.Time.At(arrival, () => Receive(datagram, path));
            if (toServer.DoublesNext())
                simulation.Time.At(arrival + TimeSpan.FromMilliseconds(1), () => Receive(datagram, path));
        });
        Peer.ExpectFingerprint(simulation.Now, ends.Dtls.Certificate.Fingerprint);
        simulation.Time.Every(Tick, HandleTick);
    }

    public Peer Peer { get; }

    /// <summary>Whether the browser has keys to send with.</summary>
    public bool CanSend => ends.HasKeys && !isDisposed;

    public void SendToServer(byte[] packet, bool isRtcp)
    {
        if (!CanSend)
            return;
        if (isRtcp)
            ends.SendRtcp(packet);
        else
            ends.SendRtp(packet);
    }

    public void OnRtp(Instant now, Peer peer, Span<byte> packet) => browser.Transport.HandleRtp(now, packet);

    public void OnRtcp(Instant now, Peer peer, Span<byte> packet) => browser.Transport.HandleRtcp(now, packet);

    public Span<byte> Reserve(int length) => reserved.AsSpan(0, length);

    public void Send(in NetworkPath path, int length)
    {
        var (to, datagram) = (path, reserved.AsSpan(0, length).ToArray());
        if (fromServer.Send(simulation.Now, length + 28) is { } arrival)
            simulation.Time.At(arrival, () => Arrive(to, datagram));
    }

    public void OnStateChanged(Instant now, Peer peer) => browser.Transport.SetConnected(now, peer.State == PeerState.Connected);

    public void OnHandshakeStep(Peer peer, DtlsStep step) => simulation.Time.After(TimeSpan.FromMilliseconds(2), () =>
    {
        step.Run();
        peer.FinishHandshakeStep(simulation.Now, step);
    });

    public void Dispose()
    {
        isDisposed = true;
        Peer.Dispose();
        ends.Dispose();
    }

    private void Receive(byte[] datagram, NetworkPath path)
    {
        // Decrypted in place: each arrival is a datagram of its own.
        if (!isDisposed)
            Peer.HandleDatagram(simulation.Now, [.. datagram], path);
    }

    private void Arrive(NetworkPath path, byte[] datagram)
    {
        if (isDisposed)
            return;
        ends.Receive(simulation.Now, path, datagram);
        foreach (var packet in ends.Rtp)
            browser.Receive(packet, isRtcp: false);
        foreach (var packet in ends.Rtcp)
            browser.Receive(packet, isRtcp: true);
        ends.Rtp.Clear();
        ends.Rtcp.Clear();
    }

    private void HandleTick()
    {
        if (isDisposed)
            return;
        Peer.HandleTimeout(simulation.Now);
        ends.HandleTimeout(simulation.Now);
    }
}
