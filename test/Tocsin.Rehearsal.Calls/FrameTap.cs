using System.Text.Json;
using Microsoft.Playwright;
using Tocsin.Testing;

namespace Tocsin.Rehearsal.Calls;

/// <summary>Copies of the frames of somebody's call, before and after they are sealed and opened, by a script that their browser is given before the worker's own.</summary>
/// <remarks>A participant whose worker outlives their call keeps the keys that it had: what they could still open is tried there.</remarks>
public sealed class FrameTap
{
    /// <summary>The answer of a worker is under way no longer, however busy the machine.</summary>
    private const int PatienceMilliseconds = 30_000;

    private readonly IPage page;

    private FrameTap(IPage page) => this.page = page;

    /// <param name="page">Before it goes anywhere.</param>
    public static async Task<FrameTap> AttachAsync(IPage page)
    {
        ArgumentNullException.ThrowIfNull(page);
        var worker = Directory.EnumerateFiles(Path.Combine(Repository.Root, "web", "dist", "assets"), "frame-worker-*.js").Single();
        var script = $"{ReadTap()}\n{await File.ReadAllTextAsync(worker)}";
        await page.RouteAsync($"**/assets/{Path.GetFileName(worker)}", route => route.FulfillAsync(new() { ContentType = "text/javascript", Body = script }));
        await page.AddInitScriptAsync("Worker.prototype.terminate = () => {};");
        return new FrameTap(page);
    }

    /// <summary>The last frames that left.</summary>
    public async Task<IReadOnlyList<TappedFrame>> SentAsync() =>
        [.. (await AskAsync("sent")).EnumerateArray().Select(one => new TappedFrame(one.GetProperty("track").GetString()!, one.GetProperty("clear").GetBytesFromBase64(), one.GetProperty("sealed").GetBytesFromBase64()))];

    /// <summary>Voices of a participant that came since the last time, as they came.</summary>
    public async Task<IReadOnlyList<string>> VoicesAsync(string participant) => [.. (await AskAsync("voices", new { participant })).EnumerateArray().Select(one => one.GetString()!)];

    /// <summary>From now on the voices of a participant are kept aside unopened, the last ones of them.</summary>
    public Task WithholdAsync(string participant, int count) => AskAsync("withhold", new { participant, count });

    public async Task<int> CountWithheldAsync() => (await AskAsync("withheld")).GetInt32();

    /// <summary>Gives the worker what was withheld.</summary>
    /// <returns>How many there were, and how many it opened.</returns>
    public Task<(int Given, int Opened)> OpenWithheldAsync(string participant) => OpenAsync("openWithheld", new { participant });

    /// <summary>Gives the worker voices of a participant, as if they had come to it.</summary>
    public Task<(int Given, int Opened)> OpenAsync(string participant, IReadOnlyList<string> frames) => OpenAsync("open", new { participant, frames });

    /// <summary>From now on everything leaves as it is.</summary>
    public Task SendClearAsync() => AskAsync("sendClear");

    private async Task<(int Given, int Opened)> OpenAsync(string ask, object given)
    {
        var answer = await AskAsync(ask, given);
        return (answer.GetProperty("given").GetInt32(), answer.GetProperty("opened").GetInt32());
    }

    private async Task<JsonElement> AskAsync(string ask, object? given = null) => JsonElement.Parse(await page.EvaluateAsync<string>(
        """
        ({ ask, given, patience }) => new Promise((resolve, reject) => {
          const channel = new BroadcastChannel('tocsin-tap');
          const number = Math.random();
          setTimeout(() => reject(new Error(`the worker does not answer: ${ask}`)), patience);
          channel.onmessage = ({ data }) => {
            if (data.number !== number || data.ask) return;
            channel.close();
            resolve(JSON.stringify(data.answer));
          };
          channel.postMessage({ ask, given: JSON.parse(given), number });
        })
        """,
        new { ask, given = JsonSerializer.Serialize(given ?? new { }), patience = PatienceMilliseconds }));

    private static string ReadTap()
    {
        using var reader = new StreamReader(typeof(FrameTap).Assembly.GetManifestResourceStream("tap.js")!);
        return reader.ReadToEnd();
    }
}

/// <summary>A frame as the encoder made it, and as it left the browser.</summary>
public sealed record TappedFrame(string Track, byte[] Clear, byte[] Sealed);
