using System.Diagnostics;
using System.Text.Json;
using Microsoft.Playwright;
using Tocsin.Testing;
using Tocsin.Testing.Browsers;

namespace Tocsin.Server.Tests.Meetings;

/// <summary>A participant in a real Chromium: <c>call.js</c>, with mediasoup-client and SignalR, on a page of the server's own address.</summary>
internal sealed class CallPage
{
    private static readonly Lazy<Task<string>> script = new(BundleAsync);

    private readonly IPage page;

    private CallPage(IPage page) => this.page = page;

    public IPage Page => page;

    /// <param name="cookie">The session's; null: a guest.</param>
    public static async Task<CallPage> OpenAsync(Chromium chromium, Uri address, string? cookie)
    {
        var context = await chromium.NewPersonAsync();
        if (cookie is not null) await context.AddCookiesAsync([new Cookie { Name = "tocsin", Value = cookie, Url = address.ToString() }]);
        var opened = await context.NewPageAsync();
        var bundle = await script.Value;
        await opened.RouteAsync("**/call-test", route => route.FulfillAsync(new() { ContentType = "text/html", Body = "<!doctype html><title>call</title><script src='/call-test.js'></script>" }));
        await opened.RouteAsync("**/call-test.js", route => route.FulfillAsync(new() { ContentType = "text/javascript", Body = bundle }));
        await opened.GotoAsync(new Uri(address, "/call-test").ToString());
        return new CallPage(opened);
    }

    /// <param name="width">Of the camera's picture. Chromium sends all three sizes of it from 960 on.</param>
    public Task EnterAsync(Guid meeting, int width) =>
        page.EvaluateAsync("given => call.enter(given)", new { hub = "/hub", publishes = true, width, join = new { meetingId = meeting } });

    public Task EnterAsGuestAsync(string link, string name) =>
        page.EvaluateAsync("given => call.enter(given)", new { hub = "/hub/guest", publishes = true, width = 320, join = new { link, name } });

    public Task CommandAsync(string method, object request) => page.EvaluateAsync("given => call.command(given.method, given.request)", new { method, request });

    public Task LoseLineAsync() => page.EvaluateAsync("() => call.loseLine()");

    public Task RestartIceAsync() => page.EvaluateAsync("() => call.restartIce()");

    public async Task<CallLook> LookAsync() =>
        JsonSerializer.Deserialize<CallLook>(await page.EvaluateAsync<string>("async () => JSON.stringify(await call.look())"), JsonSerializerOptions.Web)!;

    /// <summary>Waits until sound and pictures of so many others are decoded, beyond what <paramref name="since"/> had already.</summary>
    public async Task<CallLook> DecodesAsync(int others, CallLook? since = null)
    {
        CallLook? look = null;
        try
        {
            await Eventually.HoldsAsync(async () =>
            {
                look = await LookAsync();
                return others == look.Received.Count(stream => stream.Kind == "video" && stream.FramesDecoded > 10 + Before(since, stream).FramesDecoded) &&
                    others == look.Received.Count(stream => stream.Kind == "audio" && stream.Packets > 20 + Before(since, stream).Packets);
            });
        }
        catch (TimeoutException)
        {
            Assert.Fail($"Not decoded: {look}\n{await page.EvaluateAsync<string>("() => call.tell()")}");
        }

        Assert.Empty(look!.Errors);
        return look;
    }

    // A stream that was not there before has had nothing, nor has one that began anew under a number that was used before.
    private static ReceivedStream Before(CallLook? since, ReceivedStream stream) =>
        since?.Received.FirstOrDefault(other => other.ConsumerId == stream.ConsumerId && other.Kind == stream.Kind && other.Packets <= stream.Packets) ?? new ReceivedStream("", "", "", 0, 0, 0, 0);

    private static async Task<string> BundleAsync()
    {
        using var scratch = new ScratchDirectory();
        var bundle = scratch.File("call.js");
        var start = new ProcessStartInfo("node") { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var argument in new[]
        {
            Path.Combine(Repository.Root, "web", "node_modules", ".bin", "rolldown"), Path.Combine(Repository.Root, "test", "Tocsin.Server.Tests", "Meetings", "call.js"),
            "--file", bundle, "--format", "iife", "--name", "call", "--platform", "browser",
        })
        {
            start.ArgumentList.Add(argument);
        }

        using var bundling = Process.Start(start)!;
        var said = bundling.StandardOutput.ReadToEndAsync();
        var complaints = await bundling.StandardError.ReadToEndAsync();
        await bundling.WaitForExitAsync();
        Assert.True(bundling.ExitCode == 0, $"{await said}{complaints} (`./dev setup` installs the web client's packages)");
        return await File.ReadAllTextAsync(bundle);
    }
}

/// <summary>What a participant sees of a call.</summary>
internal sealed record CallLook(
    string Kind, string Id, int Joins, int Resumed, int Participants, IReadOnlyList<string> Errors, IReadOnlyList<string> Speakers, IReadOnlyList<string> Layers, IReadOnlyList<ReceivedStream> Received)
{
    public override string ToString() => $"{Kind}, {Participants} participants, {Joins} joins, errors [{string.Join(' ', Errors)}], layers [{string.Join(' ', Layers)}], {string.Join("; ", Received)}";
}

internal sealed record ReceivedStream(string ParticipantId, string ConsumerId, string Kind, int Packets, int FramesDecoded, int FrameWidth, double Energy);
