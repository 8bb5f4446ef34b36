using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Tocsin.Media.Engine.Ice;
using Tocsin.Media.Engine.Peers;
using Tocsin.Media.Host.Sockets;
using Tocsin.Testing;

namespace Tocsin.Media.Host.Tests;

/// <summary>Several media threads on one port: a browser's peer is on one of them, and the system gives its datagrams to any.</summary>
public sealed class SharedPortTests : IDisposable
{
    private const int Threads = 3;
    private const int Browsers = 9;
    private readonly ConcurrentQueue<Exception> _faults = new();
    private MediaLoop[] _loops = [];

    public static TheoryData<PortSharing> Sharings => LinuxDatagramSocket.IsSupported
        ? [PortSharing.SocketEach, PortSharing.OneReceives, PortSharing.OneReceivesPlainly]
        : [PortSharing.OneReceivesPlainly];

    [Theory]
    [MemberData(nameof(Sharings))]
    public void Every_browser_is_served_by_its_peers_thread_whichever_its_datagrams_come_to(PortSharing sharing)
    {
        Start(sharing);
        Assert.Single(_loops.Select(loop => loop.LocalEndPoint.Port).Distinct());
        var outcomes = new ConcurrentDictionary<int, string>();
        Thread[] threads = [.. Enumerable.Range(0, Browsers).Select(seed => new Thread(() => outcomes[seed] = LoopBrowsers.ConnectAndEcho(_loops[seed % Threads], seed, 200)))];
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        Assert.All(outcomes, outcome => Assert.Equal(LoopBrowsers.AsItShouldBe, outcome.Value));
        Assert.Equal(Browsers, outcomes.Count);
        Assert.All(_loops, loop => Assert.Equal(Browsers / Threads, LoopBrowsers.Ask(loop, _ => loop.PeerCount)));
        Assert.All(_loops, loop => Assert.Equal((0L, 0L), LoopBrowsers.Ask(loop, _ => (loop.Unsent, loop.HandoversDropped))));
        // Two threads receive nothing themselves where one receives for all; where the system chooses, that nothing is handed over has a chance of 3 to the power of -9.
        if (sharing != PortSharing.SocketEach) Assert.All(_loops[1..], loop => Assert.True(LoopBrowsers.Ask(loop, _ => loop.HandedOver) >= 600));
        else Assert.NotEqual(0, _loops.Sum(loop => LoopBrowsers.Ask(loop, _ => loop.HandedOver)));
    }

    [Fact]
    public void A_tcp_connection_goes_to_the_thread_that_its_first_check_names()
    {
        Start(PortSharing.OneReceivesPlainly);
        for (var seed = 0; seed < Threads; seed++) Assert.Equal(LoopBrowsers.AsItShouldBe, LoopBrowsers.ConnectAndEcho(_loops[seed], seed, 100, _loops[0].TcpEndPoint));
    }

    [Fact]
    public void A_check_without_the_password_is_not_handed_over()
    {
        Start(PortSharing.OneReceives);
        using var browser = LoopBrowsers.Connect(_loops[1], 1, new Echo(), out var peer);
        using var liar = new SocketBrowser(_loops[0].LocalEndPoint, new IceCredentials(peer.Credentials.UsernameFragment, new string('x', 32)), 2);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Connect(new IPEndPoint(IPAddress.Loopback, _loops[0].LocalEndPoint.Port));
        var before = LoopBrowsers.Ask(_loops[1], _ => peer.Statistics.Checks.Dropped);
        for (var n = 0; n < 100; n++) socket.Send(liar.Browser.Check(nominates: true));
        Assert.True(SpinWait.SpinUntil(() => LoopBrowsers.Ask(_loops[0], _ => _loops[0].Unclaimed) >= 100, Eventually.Limit));
        Assert.Equal(before, LoopBrowsers.Ask(_loops[1], _ => peer.Statistics.Checks.Dropped));
        browser.Browser.SendRtp(LoopBrowsers.Rtp(1, 1));
        browser.RunUntil(() => browser.Browser.Rtp.Count == 1);
    }

    [Fact]
    public void A_port_on_which_another_server_shares_sockets_is_taken()
    {
        Start(PortSharing.SocketEach);
        Assert.Throws<SocketException>(() => DatagramSockets.Open(IPAddress.Loopback, _loops[0].LocalEndPoint.Port, Threads));
    }

    [Fact]
    public void Handing_over_allocates_nothing()
    {
        Start(PortSharing.OneReceives);
        using var browser = LoopBrowsers.Connect(_loops[1], 1, new Echo(), out _);
        ushort sequence = 0;
        Burst();
        var before = Allocated();
        for (var round = 0; round < 300; round++) Burst();
        var allocated = _loops.Zip(before, (loop, had) => LoopBrowsers.Ask(loop, _ => GC.GetAllocatedBytesForCurrentThread()) - had).Sum();
        // Six thousand packets; an object for each would be 144,000 bytes. The rest are this test's questions and what the runtime charges for others' collections.
        Assert.InRange(allocated, 0, 72_000);

        void Burst()
        {
            for (var n = 0; n < 20; n++) browser.Browser.SendRtp(LoopBrowsers.Rtp(sequence++, 1));
            browser.RunUntil(() => browser.Browser.Rtp.Count == sequence);
        }
    }

    public void Dispose()
    {
        foreach (var loop in _loops.Reverse()) loop.Dispose();
        Assert.All(_loops, loop => Assert.Null(loop.Fault));
        Assert.Empty(_faults);
    }

    private long[] Allocated() => [.. _loops.Select(loop => LoopBrowsers.Ask(loop, _ => GC.GetAllocatedBytesForCurrentThread()))];

    private void Start(PortSharing sharing)
    {
        var sockets = sharing switch
        {
            PortSharing.SocketEach => DatagramSockets.Open(IPAddress.Loopback, 0, Threads),
            PortSharing.OneReceives => DatagramSockets.ShareOne(DatagramSockets.Bind(IPAddress.Loopback, 0), Threads),
            _ => ShareOnePlainly(DatagramSockets.Bind(IPAddress.Loopback, 0)),
        };
        if (sharing == PortSharing.SocketEach) Assert.All(sockets, socket => Assert.IsType<LinuxDatagramSocket>(socket));
        _loops = MediaLoop.Start(LoopBrowsers.Context, sockets, TcpPaths.Bind(IPAddress.Loopback, 0), _faults.Enqueue);
    }

    private static IDatagramSocket[] ShareOnePlainly(Socket socket) =>
        [new PlainDatagramSocket(socket), .. Enumerable.Range(1, Threads - 1).Select(_ => new SendingSocket(new PlainDatagramSocket(socket, ownsSocket: false)))];
}

public enum PortSharing
{
    SocketEach,
    OneReceives,
    OneReceivesPlainly,
}
