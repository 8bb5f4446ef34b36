using System.Buffers.Binary;
using System.Net;
using Tocsin.Media.Engine;
using Tocsin.Media.Engine.Dtls;
using Tocsin.Media.Engine.Ice;
using Tocsin.Media.Engine.Peers;
using Tocsin.Media.Host.Peers;
using Tocsin.Testing;

namespace Tocsin.Media.Host.Tests;

/// <summary>Connects browsers to media threads, without a meeting: what they send comes back to them.</summary>
internal static class LoopBrowsers
{
    public const string AsItShouldBe = "as it should be";

    public static readonly DtlsContext Context = new(DtlsCertificate.Create(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)));

    public static byte[] Rtp(ushort sequence, uint ssrc)
    {
        var packet = new byte[512];
        packet[0] = 0x80;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), sequence);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(8), ssrc);
        packet.AsSpan(12).Fill((byte)(sequence + ssrc));
        return packet;
    }

    /// <summary>A browser of its own with a peer on that loop: it sends, and compares what comes back.</summary>
    /// <returns><see cref="AsItShouldBe"/>, or what went wrong: an exception would end a thread of the test, and the test with it.</returns>
    public static string ConnectAndEcho(MediaLoop loop, int seed, int packets, IPEndPoint? overTcp = null)
    {
        try
        {
            Echo(loop, seed, packets, overTcp);
            return AsItShouldBe;
        }
        catch (Exception error)
        {
            return error.ToString();
        }
    }

    public static SocketBrowser Connect(MediaLoop loop, int seed, Echo listener, out Peer peer, IPEndPoint? overTcp = null)
    {
        var credentials = IceCredentials.Create();
        var added = Ask(loop, _ => loop.AddPeer(credentials, listener));
        var browser = new SocketBrowser(overTcp ?? loop.LocalEndPoint, credentials, seed, overTcp is not null);
        // Signalling is sometimes slower than the browser.
        if (seed % 3 == 0) browser.RunUntil(() => browser.Browser.HasKeys);
        Ask(loop, now =>
        {
            loop.ExpectFingerprint(now, added, browser.Browser.Dtls.Certificate.Fingerprint);
            return 0;
        });
        browser.RunUntil(() => browser.Browser.HasKeys && listener.State == PeerState.Connected);
        peer = added;
        return browser;
    }

    /// <summary>Asks on the media thread.</summary>
    public static T Ask<T>(MediaLoop loop, Func<Instant, T> question)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        loop.Post(now => answer.SetResult(question(now)));
        Assert.True(answer.Task.Wait(Eventually.Limit));
        return answer.Task.Result;
    }

    private static void Echo(MediaLoop loop, int seed, int packets, IPEndPoint? overTcp)
    {
        var listener = new Echo();
        using var browser = Connect(loop, seed, listener, out _, overTcp);
        for (ushort sequence = 0; sequence < packets; sequence++)
        {
            browser.Browser.SendRtp(Rtp(sequence, (uint)seed));
            // Never more than 20 under way: this is no test of how much a socket's buffer holds.
            browser.RunUntil(() => browser.Browser.Rtp.Count > sequence - 20);
        }
        browser.RunUntil(() => browser.Browser.Rtp.Count == packets);
        Assert.Equal(Enumerable.Range(0, packets).Select(n => Rtp((ushort)n, (uint)seed)), browser.Browser.Rtp);
    }
}
