using System.Buffers.Binary;
using System.Net;
using Microsoft.Playwright;
using Tocsin.Media.Engine;
using Tocsin.Media.Engine.Dtls;
using Tocsin.Media.Engine.Ice;
using Tocsin.Media.Engine.Peers;
using Tocsin.Media.Host.Peers;
using Tocsin.Media.Host.Sockets;
using Tocsin.Media.Wire.Rtp;
using Tocsin.Testing;
using Tocsin.Testing.Browsers;

namespace Tocsin.Media.Host.Tests;

/// <summary>A real Chromium sends its camera and microphone to a <see cref="MediaLoop"/>, gets them back, and decodes them.</summary>
public sealed class ChromiumTests
{
    [Theory]
    [InlineData("udp")]
    [InlineData("tcp")]
    public async Task Chromium_decodes_its_own_video_and_audio_that_went_through_us(string protocol)
    {
        using var context = new DtlsContext(DtlsCertificate.Create(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        using var loop = MediaLoop.Start(context, [DatagramSockets.Open(IPAddress.Loopback, 0)], TcpPaths.Bind(IPAddress.Loopback, 0), fault => Assert.Fail(fault.ToString()))[0];
        await using var chromium = await Chromium.StartAsync();
        var page = await OpenPageAsync(chromium);
        var mirror = new Mirror();
        var credentials = IceCredentials.Create();
        var peer = await AskAsync(loop, _ => loop.AddPeer(credentials, mirror));

        var fingerprint = await page.EvaluateAsync<string>(Script("echo.js"), new
        {
            usernameFragment = credentials.UsernameFragment,
            password = credentials.Password,
            fingerprint = context.Fingerprint.ToString(),
            candidate = protocol == "udp"
                ? $"1 1 udp 2130706431 127.0.0.1 {loop.LocalEndPoint.Port} typ host"
                : $"1 1 tcp 1518280447 127.0.0.1 {loop.TcpEndPoint!.Port} typ host tcptype passive",
        });
        Assert.True(DtlsFingerprint.TryParse(DtlsFingerprint.Algorithm, fingerprint, out var expected));
        await AskAsync(loop, now =>
        {
            loop.ExpectFingerprint(now, peer, expected!);
            return 0;
        });

        var stats = new Stats();
        await Eventually.HoldsAsync(
            async () =>
            {
                stats = await page.EvaluateAsync<Stats>(Script("stats.js"));
                return stats is { State: "connected", FramesDecoded: > 20, AudioReceived: > 50 };
            },
            "video and audio in Chromium");
        Assert.Equal("SRTP_AEAD_AES_128_GCM", stats.SrtpCipher);

        var ours = await AskAsync(loop, _ => peer.Statistics);
        Assert.True(ours.MediaIn.Ok > 70);
        Assert.Equal((0, 0, 0), (ours.MediaIn.Forged, ours.MediaIn.Malformed, ours.MediaIn.Other));
        Assert.Equal(PeerState.Connected, await AskAsync(loop, _ => peer.State));
        Assert.Null(mirror.Fault);

        await AskAsync(loop, now =>
        {
            loop.RemovePeer(now, peer);
            return 0;
        });
        await Eventually.HoldsAsync(async () => (await page.EvaluateAsync<Stats>(Script("stats.js"))).State != "connected", "our goodbye in Chromium");
    }

    private static async Task<IPage> OpenPageAsync(Chromium chromium)
    {
        var person = await chromium.NewPersonAsync();
        var page = await person.NewPageAsync();
        // Cameras are for secure contexts only; this host exists nowhere.
        await page.RouteAsync("https://echo.invalid/", route => route.FulfillAsync(new() { ContentType = "text/html", Body = "<!doctype html><title>echo</title>" }));
        await page.GotoAsync("https://echo.invalid/");
        return page;
    }

    private static string Script(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, name));

    private static Task<T> AskAsync<T>(MediaLoop loop, Func<Instant, T> question)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        loop.Post(now => answer.SetResult(question(now)));
        return answer.Task.WaitAsync(Eventually.Limit);
    }

    private sealed record Stats(string State, string SrtpCipher, int FramesDecoded, int AudioReceived)
    {
        public Stats()
            : this("", "", 0, 0)
        {
        }
    }

    /// <summary>Sends every packet back under an SSRC of its own, and a request for a key frame on to the sender.</summary>
    private sealed class Mirror : IPeerListener
    {
        private const byte PayloadSpecificFeedback = 206;
        private const uint Difference = 0x01000000;
        private readonly byte[] _request = new byte[12];

        public Exception? Fault { get; private set; }

        public void OnRtp(Instant now, Peer peer, Span<byte> packet)
        {
            if (!RtpHeader.TryParse(packet, out var header)) return;
            var length = header.Length;
            RtpRewriting.SetSsrc(packet, header.Ssrc ^ Difference);
            peer.SendRtp(packet[..length], packet[length..]);
        }

        public void OnRtcp(Instant now, Peer peer, Span<byte> packet)
        {
            // RFC 4585 section 6.3.1: a picture loss is two SSRCs, whose second is the sender's; here it may stand behind a report.
            for (var rest = packet; rest.Length >= 12; rest = rest[Math.Min(rest.Length, 4 + 4 * BinaryPrimitives.ReadUInt16BigEndian(rest[2..]))..])
            {
                if (rest[1] != PayloadSpecificFeedback || (rest[0] & 0x1F) != 1) continue;
                rest[..12].CopyTo(_request);
                BinaryPrimitives.WriteUInt32BigEndian(_request.AsSpan(8), BinaryPrimitives.ReadUInt32BigEndian(rest[8..]) ^ Difference);
                peer.SendRtcp(_request);
            }
        }

        public void OnStateChanged(Instant now, Peer peer)
        {
        }

        public void OnFault(Peer peer, Exception fault) => Fault = fault;
    }
}
