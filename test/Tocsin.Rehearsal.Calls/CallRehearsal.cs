using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;
using Tocsin.Alerting.Plans;
using Tocsin.Storage;
using Tocsin.Storage.Model;
using Tocsin.Testing;
using Tocsin.Testing.Browsers;
using Tocsin.Testing.Networks;

namespace Tocsin.Rehearsal.Calls;

/// <summary>The real program and real browsers in a network of their own: an office beside the server, and sites further away.</summary>
public sealed class CallRehearsal : IAsyncDisposable
{
    /// <summary>For a whole scenario, in milliseconds: the longest takes a minute and a half. A driver of browsers that waits for ever must not hold up the scenarios after it.</summary>
    public const int TimeLimit = 420_000;

    /// <summary>Only what no longer answers takes so long.</summary>
    private static readonly TimeSpan closing = TimeSpan.FromSeconds(40);

    /// <summary>Until a server that listens is prepared.</summary>
    private static readonly TimeSpan starting = TimeSpan.FromSeconds(60);

    private readonly ScratchDirectory data;
    private readonly List<IAsyncDisposable> browsers = [];
    private readonly List<IDisposable> drivers = [];
    private readonly List<string> cookies;
    private int arrived;
    private BrowserDriver? office;

    private CallRehearsal(ScratchDirectory data, TestNetwork network, ServerProcess server, List<string> cookies) =>
        (this.data, Network, Server, this.cookies) = (data, network, server, cookies);

    public TestNetwork Network { get; }

    public ServerProcess Server { get; }

    /// <summary>A server that listens, with so many people who are signed in.</summary>
    /// <param name="program">The executable; null for the one built beside.</param>
    public static async Task<CallRehearsal> StartAsync(int people, CancellationToken cancellationToken, string? program = null)
    {
        var webRoot = Path.Combine(Repository.Root, "web", "dist");
        if (!File.Exists(Path.Combine(webRoot, "index.html"))) throw new InvalidOperationException("The web client is not built: `npm --prefix web run build`.");
        var network = await TestNetwork.CreateAsync();
        var scratch = new ScratchDirectory();
        List<string> signedIn = [];
        await using (var organisation = await Organisation.CreateAsync(DatabaseOptions.SqliteFile(scratch.File("tocsin.db")), people, _ => ContactPointKind.Email, cancellationToken))
        {
            signedIn.Add(organisation.Cookie);
            while (signedIn.Count < people) signedIn.Add(await organisation.SignInAsync(signedIn.Count, Roles.Staff, cancellationToken));
        }

        var server = ServerProcess.Prepare(scratch, null, new Dictionary<string, object>(StringComparer.Ordinal), program, webRoot, network);
        await server.StartAsync();
        await server.ListensAsync();
        return new CallRehearsal(scratch, network, server, signedIn);
    }

    /// <summary>The driver of browsers at the office, whose cable is always good.</summary>
    public async Task<BrowserDriver> OfficeAsync() => office ??= await DriverAtAsync(await Network.AddSiteAsync());

    /// <summary>Starts browsers at a site.</summary>
    public async Task<BrowserDriver> DriverAtAsync(NetworkSite site)
    {
        ArgumentNullException.ThrowIfNull(site);
        var driver = await BrowserDriver.StartAsync(site.Inside);
        drivers.Add(driver);
        return driver;
    }

    /// <summary>It ends with the rehearsal.</summary>
    public async Task<IBrowser> OwnAsync(Task<IBrowser> starting)
    {
        ArgumentNullException.ThrowIfNull(starting);
        var browser = await starting;
        browsers.Add(browser);
        return browser;
    }

    /// <summary>The next person sits down at a browser. The first is the crisis director.</summary>
    public async Task<CallParticipant> SitDownAsync(IBrowser browser, int camera = 480, int rate = 10, IReadOnlyList<string>? codecs = null, int? processors = null)
    {
        var (number, cookie) = (arrived, cookies[arrived]);
        arrived++;
        return await CallParticipant.OpenAsync(browser, Server.Address, string.Create(CultureInfo.InvariantCulture, $"Camille Martin{number}"), cookie, camera, rate, codecs, processors);
    }

    /// <summary>The director opens a meeting for the whole organisation.</summary>
    public async Task<Guid> OpenMeetingAsync(CallParticipant director)
    {
        ArgumentNullException.ThrowIfNull(director);
        await director.Page.GotoAsync(new Uri(Server.Address, "/meetings").ToString());
        var answer = "";
        // It listens before it is prepared, which takes seconds on a busy machine.
        await Eventually.HoldsWithinAsync(starting, async () => !(answer = await AskAsync()).Contains("urn:tocsin:error:starting", StringComparison.Ordinal), () => answer);
        return JsonElement.Parse(answer).TryGetProperty("id", out var id) ? id.GetGuid() : throw new InvalidOperationException(answer);

        Task<string> AskAsync() => director.Page.EvaluateAsync<string>("""
            async () => (await fetch('/api/v1/meetings', { method: 'POST', headers: { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() },
              body: JSON.stringify({ title: 'Cellule de crise', openTo: 'organisation' }) })).text()
            """);
    }

    /// <summary>A director makes a link for guests.</summary>
    public async Task<string> MakeGuestLinkAsync(CallParticipant director, Guid meeting)
    {
        ArgumentNullException.ThrowIfNull(director);
        var answer = await director.Page.EvaluateAsync<string>(
            "async (path) => (await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() }, body: JSON.stringify({ label: 'Préfecture' }) })).text()",
            $"/api/v1/meetings/{meeting}/guest-links");
        return JsonElement.Parse(answer).TryGetProperty("secret", out var secret) ? secret.GetString()! : throw new InvalidOperationException(answer);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var browser in browsers)
        {
            try
            {
                await browser.DisposeAsync().AsTask().WaitAsync(closing);
            }
            catch (Exception exception) when (exception is PlaywrightException or TimeoutException)
            {
                // Killed by the test, or it does not answer: its driver ends it.
            }
        }

        // A driver waits for its browsers to end, however long that takes; what is still there ends with the network.
        var ending = Task.WhenAll(drivers.Select(driver => Task.Run(driver.Dispose)));
        await Task.WhenAny(ending, Task.Delay(closing));
        await Server.DisposeAsync();
        await Network.DisposeAsync();
        await ending.WaitAsync(closing);
        data.Dispose();
    }
}
