using System.Buffers.Binary;
using System.Net;
using System.Text.Json;
using Tocsin.Media.Engine.Dtls;
using Tocsin.Media.Engine.Ice;
using Tocsin.Media.Host.Tests;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Tests.Meetings;

/// <summary>Real datagrams at the real media port, from the engine's test browser.</summary>
/// <remarks>The media threads have the real time, so a second and a half of silence takes as long.</remarks>
public sealed class SilenceWatchTests
{
    private const uint Ssrc = 1111;
    private ushort sequence;

    [Fact]
    public async Task Whoever_is_no_longer_heard_is_told_so_and_told_when_they_are_heard_again()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await using var claire = await MeetingPerson.WithRolesAsync(server, Roles.CrisisDirector);
        var transport = (await claire.JoinAsync(await claire.OpenMeetingAsync())).GetProperty("sendTransport");
        var id = transport.GetProperty("id").GetString()!;
        using var browser = BrowserAt(transport);
        await claire.DoAsync("ConnectTransport", new { transportId = id, dtlsParameters = ParametersOf(browser) });
        await claire.DoAsync("Produce", BrowserMedia.Produce(id, "microphone", BrowserMedia.Microphone(Ssrc)));
        await MeanwhileAsync(browser, HearStateAsync(claire, "connected"));
        Speak(browser);

        // The server's answers to its checks go on all the while: of the path itself nothing is amiss, and only the watch can tell.
        Assert.Equal(id, await MeanwhileAsync(browser, HearStateAsync(claire, "disconnected")));
        Assert.Equal(id, await MeanwhileAsync(browser, HearStateAsync(claire, "connected"), isSpeaking: true));
    }

    private static SocketBrowser BrowserAt(JsonElement transport)
    {
        var udp = transport.GetProperty("iceCandidates").EnumerateArray().First(candidate => candidate.GetProperty("protocol").GetString() == "udp");
        var ice = transport.GetProperty("iceParameters");
        var credentials = new IceCredentials(ice.GetProperty("usernameFragment").GetString()!, ice.GetProperty("password").GetString()!);
        return new SocketBrowser(new IPEndPoint(IPAddress.Loopback, udp.GetProperty("port").GetInt32()), credentials, seed: 1);
    }

    private static object ParametersOf(SocketBrowser browser) =>
        new { role = "client", fingerprints = new[] { new { algorithm = DtlsFingerprint.Algorithm, value = browser.Browser.Dtls.Certificate.Fingerprint.ToString() } } };

    /// <returns>The transport that is said to be in that state.</returns>
    private static async Task<string> HearStateAsync(MeetingPerson person, string state)
    {
        while (true)
        {
            var changed = await person.HearAsync("transport-state-changed");
            if (changed.GetProperty("state").GetString() == state) return changed.GetProperty("transportId").GetString()!;
        }
    }

    /// <summary>The browser checks its path and answers, and speaks if it is to, until that has happened.</summary>
    private Task<T> MeanwhileAsync<T>(SocketBrowser browser, Task<T> happens, bool isSpeaking = false) => Task.Run(async () =>
    {
        browser.RunUntil(() =>
        {
            if (isSpeaking) Speak(browser);
            return happens.IsCompleted;
        });
        return await happens;
    });

    private void Speak(SocketBrowser browser)
    {
        // RFC 3550 section 5.1; the payload type that the microphone was published with.
        var packet = new byte[120];
        (packet[0], packet[1]) = (0x80, 111);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), ++sequence);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), sequence * 960u);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(8), Ssrc);
        browser.Browser.SendRtp(packet);
    }
}
