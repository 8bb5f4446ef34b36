using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Tocsin.Media.Engine;
using Tocsin.Media.Engine.Dtls;
using Tocsin.Media.Engine.Ice;
using Tocsin.Media.Engine.Peers;
using Tocsin.Media.Host.Peers;
using Tocsin.Media.Host.Sockets;

namespace Tocsin.Media.Host.Tests;

/// <summary>A media thread with real sockets, and browsers that are as real as OpenSSL's client makes them.</summary>
public sealed class MediaLoopTests : IDisposable
{
    private readonly ConcurrentQueue<Exception> _faults = new();
    private MediaLoop? _loop;

    private MediaLoop Loop => _loop ??= Start(SocketKind.Segments);

    public static TheoryData<SocketKind> Kinds => DatagramSocketTests.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Many_browsers_connect_at_once_and_each_gets_its_own_media(SocketKind kind)
    {
        _loop = Start(kind);
        const int Browsers = 8;
        const int Packets = 300;
        var threads = new List<Thread>();
        var outcomes = new ConcurrentDictionary<int, string>();
        for (var n = 0; n < Browsers; n++)
        {
            var seed = n;
            // Browsers are programs of their own; here, threads.
            threads.Add(new(() => outcomes[seed] = LoopBrowsers.ConnectAndEcho(Loop, seed, Packets)));
            threads[^1].Start();
        }
        foreach (var thread in threads) thread.Join();
        Assert.All(outcomes, outcome => Assert.Equal(LoopBrowsers.AsItShouldBe, outcome.Value));
        Assert.Equal(Browsers, outcomes.Count);
        Assert.Equal(Browsers, Ask(_ => Loop.PeerCount));
        Assert.Equal(0, Ask(_ => (int)Loop.Unsent));
    }

    [Fact]
    public void A_browser_that_has_only_tcp_gets_its_media_and_its_end_is_noticed()
    {
        var listener = new Echo();
        using (var browser = Connect(1, listener, out _, overTcp: Loop.TcpEndPoint))
        {
            for (ushort sequence = 0; sequence < 500; sequence++) browser.Browser.SendRtp(LoopBrowsers.Rtp(sequence, 1));
            browser.RunUntil(() => browser.Browser.Rtp.Count == 500);
            Assert.Equal(Enumerable.Range(0, 500).Select(n => LoopBrowsers.Rtp((ushort)n, 1)), browser.Browser.Rtp);
        }
        Eventually(() => listener.State == PeerState.Disconnected);
        Assert.Equal(0, Ask(_ => Loop.PathCount));
    }

    [Fact]
    public void A_media_thread_has_the_shortest_slices_where_the_system_has_slices() =>
        Assert.Equal(TimeSlice.Current is null ? null : TimeSlice.Shortest, Ask(_ => TimeSlice.Current));

    [Fact]
    public void A_peer_that_is_removed_says_goodbye_and_leaves_nothing_behind()
    {
        var listener = new Echo();
        using var browser = Connect(1, listener, out var peer);
        Assert.Equal(1, Ask(_ => Loop.PathCount));
        Ask(now =>
        {
            Loop.RemovePeer(now, peer);
            return 0;
        });
        browser.RunUntil(() => browser.Browser.Dtls.Progress == DtlsProgress.Closed);
        // The queue of wake-ups kept every peer, and its meeting with it, for the 30 seconds of its consent.
        Assert.Equal((0, 0, 0), Ask(_ => (Loop.PeerCount, Loop.PathCount, Loop.WakeUpCount)));
    }

    [Fact]
    public void A_peer_that_faults_is_removed_and_the_others_go_on()
    {
        var listener = new Echo();
        var faulty = new Echo { Throws = true };
        using var good = Connect(1, listener, out _);
        using var bad = Connect(2, faulty, out _);
        bad.Browser.SendRtp(LoopBrowsers.Rtp(1, 2));
        Eventually(() => faulty.Fault is InvalidTimeZoneException);
        Assert.Equal(1, Ask(_ => Loop.PeerCount));
        good.Browser.SendRtp(LoopBrowsers.Rtp(1, 1));
        good.RunUntil(() => good.Browser.Rtp.Count == 1);
    }

    [Fact]
    public void A_posted_action_that_throws_is_reported_and_the_thread_goes_on()
    {
        Loop.Post(_ => throw new InvalidTimeZoneException());
        Assert.Equal(3, Ask(_ => 3));
        Assert.IsType<InvalidTimeZoneException>(Assert.Single(_faults));
        _faults.Clear();
        Assert.Null(Loop.Fault);
    }

    [Fact]
    public void Media_follow_a_browser_to_another_port_and_through_an_ice_restart()
    {
        var listener = new Echo();
        using var browser = Connect(1, listener, out var peer);
        var fresh = IceCredentials.Create();
        Ask(_ =>
        {
            Loop.RestartIce(peer, fresh);
            return 0;
        });
        browser.Browser.SendRtp(LoopBrowsers.Rtp(1, 1));
        browser.RunUntil(() => browser.Browser.Rtp.Count == 1);
        browser.ChangeNetwork();
        browser.Browser.UseCredentials(fresh);
        ushort sequence = 2;
        browser.RunUntil(() =>
        {
            browser.Browser.SendRtp(LoopBrowsers.Rtp(sequence++, 1));
            return browser.Browser.Rtp.Count > 5;
        });
        Assert.Equal(2, Ask(_ => Loop.PathCount));
    }

    [Fact]
    public void Ice_restarts_without_end_fill_no_table_and_the_last_one_counts()
    {
        using var browser = Connect(1, new Echo(), out var peer);
        var last = IceCredentials.Create();
        Ask(_ =>
        {
            for (var n = 0; n < 1_000; n++) Loop.RestartIce(peer, IceCredentials.Create());
            Loop.RestartIce(peer, last);
            return 0;
        });
        Assert.Equal(HostedPeer.MaximumFragments, Ask(_ => Loop.FragmentCount));
        browser.Browser.UseCredentials(last);
        browser.ChangeNetwork();
        ushort sequence = 1;
        browser.RunUntil(() =>
        {
            browser.Browser.SendRtp(LoopBrowsers.Rtp(sequence++, 1));
            return browser.Browser.Rtp.Count > 0;
        });
    }

    [Fact]
    public void A_peer_that_checks_from_ever_new_ports_fills_no_table()
    {
        var listener = new Echo();
        using var browser = Connect(1, listener, out _);
        for (var n = 0; n < 100; n++)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 10_000 };
            socket.Connect(new IPEndPoint(IPAddress.Loopback, Loop.LocalEndPoint.Port));
            socket.Send(browser.Browser.Check(nominates: false));
            Assert.True(socket.Receive(new byte[200]) > 0);
        }
        Assert.InRange(Ask(_ => Loop.PathCount), 1, HostedPeer.MaximumPaths);
    }

    [Fact]
    public void Datagrams_for_nobody_are_counted_and_get_no_answer()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Connect(new IPEndPoint(IPAddress.Loopback, Loop.LocalEndPoint.Port));
        // What wakes the thread is a datagram too, and not counted.
        for (var n = 0; n < 10; n++) Ask(_ => n);
        Assert.Equal(0, Ask(_ => Loop.Unclaimed));
        using var stranger = new SocketBrowser(Loop.LocalEndPoint, IceCredentials.Create(), 1);
        socket.Send(stranger.Browser.Check(nominates: true));
        socket.Send(LoopBrowsers.Rtp(1, 1));
        socket.Send([22, 254, 253]);
        socket.Send(ReadOnlySpan<byte>.Empty);
        Eventually(() => Ask(_ => Loop.Unclaimed) == 4);
        Assert.Equal(0, socket.Available);
    }

    [Fact]
    public void Hostile_datagrams_allocate_nothing_fill_no_table_and_hold_up_nobody()
    {
        const int Rounds = 200;
        var listener = new Echo();
        using var browser = Connect(1, listener, out var peer);
        var random = Tocsin.Testing.TestSeed.Random();
        var hostile = HostileDatagrams(peer.Credentials.UsernameFragment, random);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Connect(new IPEndPoint(IPAddress.Loopback, Loop.LocalEndPoint.Port));
        Flood(socket, hostile, rounds: 2);
        var paths = Ask(_ => Loop.PathCount);
        var before = Ask(_ => GC.GetAllocatedBytesForCurrentThread());
        Flood(socket, hostile, Rounds);
        var allocated = Ask(_ => GC.GetAllocatedBytesForCurrentThread()) - before;
        // An object for each would be 24 bytes at least; what is left are the questions of this test, and what the runtime charges for collections of other threads.
        Assert.InRange(allocated, 0, 8L * Rounds * hostile.Count);
        Assert.Equal(paths, Ask(_ => Loop.PathCount));
        Assert.Equal(0, socket.Available);
        browser.Browser.SendRtp(LoopBrowsers.Rtp(1, 1));
        browser.RunUntil(() => browser.Browser.Rtp.Count == 1);
        Assert.Equal(PeerState.Connected, listener.State);
        Assert.Null(listener.Fault);
    }

    [Fact]
    public void Disposing_of_the_loop_says_goodbye_to_all()
    {
        var listener = new Echo();
        using var browser = Connect(1, listener, out var peer);
        Loop.Dispose();
        browser.RunUntil(() => browser.Browser.Dtls.Progress == DtlsProgress.Closed);
        Assert.Equal(PeerState.Closed, peer.State);
        Assert.Null(Loop.Fault);
    }

    public void Dispose()
    {
        _loop?.Dispose();
        Assert.Null(_loop?.Fault);
        Assert.Empty(_faults);
    }

    /// <summary>Noise of every first byte, what looks like each protocol, and checks: for nobody, cut anywhere, and for somebody with a password that is none.</summary>
    private static List<byte[]> HostileDatagrams(string fragment, Random random)
    {
        var datagrams = new List<byte[]>();
        for (var first = 0; first < 256; first += 3)
        {
            var noise = new byte[random.Next(1, 1_400)];
            random.NextBytes(noise);
            noise[0] = (byte)first;
            // One byte alone is how the thread is woken, and not counted.
            datagrams.Add(noise.Length > 1 ? noise : [noise[0], 0]);
        }

        using var stranger = new SocketBrowser(new(IPAddress.Loopback, 9), IceCredentials.Create(), 1);
        using var liar = new SocketBrowser(new(IPAddress.Loopback, 9), new IceCredentials(fragment, new string('x', 32)), 2);
        foreach (var check in new[] { stranger.Browser.Check(nominates: true), liar.Browser.Check(nominates: true) })
        {
            datagrams.Add(check.ToArray());
            for (var length = 2; length < check.Length; length += 7) datagrams.Add(check[..length].ToArray());
        }

        datagrams.Add(new byte[65_000]);
        return datagrams;
    }

    /// <summary>Sends them all, never more than a socket's buffer holds: that each was looked at is the point.</summary>
    private void Flood(Socket socket, List<byte[]> datagrams, int rounds)
    {
        for (var round = 0; round < rounds; round++)
        {
            foreach (var datagram in datagrams) socket.Send(datagram);
            Ask(_ => 0);
        }
    }

    private static void Eventually(Func<bool> holds) => Assert.True(SpinWait.SpinUntil(holds, Testing.Eventually.Limit));

    private MediaLoop Start(SocketKind kind)
    {
        var socket = LinuxSupports(kind) ? DatagramSocketTests.Open(kind, null) : DatagramSocketTests.Open(SocketKind.Plain, null);
        return MediaLoop.Start(LoopBrowsers.Context, [socket], Sockets.TcpPaths.Bind(IPAddress.Loopback, 0), _faults.Enqueue)[0];
    }

    private static bool LinuxSupports(SocketKind kind) => kind == SocketKind.Plain || Sockets.LinuxDatagramSocket.IsSupported;

    private SocketBrowser Connect(int seed, Echo listener, out Peer peer, IPEndPoint? overTcp = null) => LoopBrowsers.Connect(Loop, seed, listener, out peer, overTcp);

    private T Ask<T>(Func<Instant, T> question) => LoopBrowsers.Ask(Loop, question);
}
