using System.Text.Json;
using Tocsin.Alerting.Channels.WebPush;
using Tocsin.Alerting.Content;
using Tocsin.Testing;

namespace Tocsin.Alerting.Channels.Tests.WebPush;

/// <summary>
/// From the channel to the service worker of a real Chromium, which subscribed by itself, gets the push over its own connection and decrypts it with its own
/// RFC 8291 code. Only the services between the two are the lab's.
/// </summary>
public sealed class ChromiumRoundTripTests : IDisposable
{
    private const string Chromium = "/usr/bin/chromium";

    private readonly ScratchDirectory directory = new();
    private readonly RecordedLog log = new();

    public void Dispose()
    {
        directory.Dispose();
        log.Dispose();
    }

    [Fact]
    public async Task Pushes_reach_the_service_worker_of_a_real_browser_whole_and_in_order()
    {
        Assert.SkipUnless(File.Exists(Chromium), "Chromium is not installed.");
        var privateKey = VapidKey.GeneratePrivateKey();
        Assert.True(VapidKey.TryParse(privateKey, out var key));
        using (key)
        {
            await using var browser = StartBrowser(key.PublicKey);
            var ready = JsonElement.Parse((await browser.WaitForLineAsync("^\\{\"ready\":true.*$", TimeSpan.FromMinutes(2))).Value);
            await using var channel = new WebPushChannel(Options(privateKey, ready.GetProperty("origin").GetString()!), TimeProvider.System, log);
            var alert = Messages.French with
            {
                Address = ready.GetProperty("subscription").GetRawText(),
                Mode = AlertMode.Exercise,
                ExpiresAt = TimeProvider.System.GetUtcNow().AddHours(1),
            };
            var longest = alert with { Title = "Consignes", Body = string.Concat(Enumerable.Repeat("Fermez les portes coupe-feu. ", 130)), Purpose = MessagePurpose.Update };

            foreach (var message in (OutboundMessage[])[alert, longest])
            {
                Assert.IsType<DeliveryOutcome.Accepted>(await Eventually.CompletesAsync(channel.SendAsync(message, CancellationToken.None).AsTask()));

                var pushed = JsonElement.Parse((await browser.WaitForLineAsync($"^\\{{\"pushed\":.*{message.Title}.*$")).Value).GetProperty("pushed");
                Assert.True(PushPayload.TryWrite(message, out var expected));
                Assert.Equal(System.Text.Encoding.UTF8.GetString(expected), pushed.GetProperty("text").GetString());
                Assert.Contains($"EXERCICE — {message.Title}", pushed.GetProperty("notifications").EnumerateArray().Select(title => title.GetString()));
            }

            browser.CloseInput();
            await browser.WaitForExitAsync();
        }
    }

    private static WebPushChannelOptions Options(string privateKey, string origin) => new()
    {
        VapidPrivateKey = privateKey,
        Subject = "mailto:astreinte@chu.example",
        AllowedPushOrigins = { origin },
        AllowLoopbackHttp = true,
    };

    private ChildProcess StartBrowser(string applicationServerKey)
    {
        var certificate = new TestCertificate(directory, "gateway");
        return Laboratory.Start(
            "push/browser.js",
            "--chromium", Chromium,
            "--certificate", certificate.CertificateFile,
            "--key", certificate.KeyFile,
            "--application-server-key", applicationServerKey);
    }
}
