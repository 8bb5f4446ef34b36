using System.Net.Http.Json;
using System.Text.Json;
using Tocsin.Alerting.Channels.Sms;
using Tocsin.Alerting.Channels.Smtp;
using Tocsin.Server.Hosting;
using Tocsin.Testing;

namespace Tocsin.Server.Tests.Rehearsal;

/// <summary>The carrier lab as a process of its own: an SMS centre, a mail server and a push service that speak their protocols, and the phones behind them.</summary>
internal sealed class CarrierLabProcess : IAsyncDisposable
{
    private readonly ChildProcess process;
    private readonly JsonElement addresses;
    private readonly HttpClient client;

    private CarrierLabProcess(ChildProcess process, JsonElement addresses)
    {
        this.process = process;
        this.addresses = addresses;
        client = new HttpClient { BaseAddress = new Uri(Page) };
    }

    public string Page => addresses.GetProperty("page").GetString()!;

    /// <param name="mailInbox">Where replies to mail go; null: nobody can reply to mail.</param>
    public static async Task<CarrierLabProcess> StartAsync(string? mailInbox = null)
    {
        string[] inbox = mailInbox is null ? [] : ["--mail-inbox", mailInbox];
        var started = ChildProcess.Start("node", [Path.Combine(Repository.Root, "lab", "main.js"), "--end-with-input", .. inbox]);
        var ready = await started.WaitForLineAsync("^{\"ready\":true.*}$");
        return new CarrierLabProcess(started, JsonElement.Parse(ready.Value));
    }

    /// <summary>Tells the server of these carriers, as an administrator would of real ones.</summary>
    public void Configure(TocsinOptions options)
    {
        var (smsHost, smsPort) = HostAndPort("sms");
        var (mailHost, mailPort) = HostAndPort("mail");
        options.Demo = true;
        options.CarrierLab = Page;
        options.Sms.Providers.Add(new SmsProviderOptions { Id = "lab", Host = smsHost, Port = smsPort, SystemId = "tocsin", Password = "demo", SourceAddress = "38638", Window = 50 });
        options.Email.From = "alerte@ch-valmont.example";
        options.Email.Relays.Add(new SmtpRelayOptions { Name = "lab", Host = mailHost, Port = mailPort, Security = SmtpSecurity.None });
        options.WebPush.AllowedPushOrigins.Add(addresses.GetProperty("push").GetString()!);
        options.WebPush.AllowLoopbackHttp = true;
    }

    /// <summary>What arrived on one channel, in order of arrival.</summary>
    public async Task<IReadOnlyList<JsonElement>> MessagesAsync(string channel, string? to = null)
    {
        var path = $"/api/messages?channel={channel}&limit=2000" + (to is null ? "" : $"&to={Uri.EscapeDataString(to)}");
        var answer = await client.GetFromJsonAsync<JsonElement>(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        return [.. (answer.ValueKind == JsonValueKind.Array ? answer : answer.GetProperty("messages")).EnumerateArray()];
    }

    /// <summary>The phone's owner answers a message by the way it came.</summary>
    public async Task ReplyAsync(JsonElement message, string text)
    {
        using var response = await client.PostAsJsonAsync(new Uri("/api/reply", UriKind.Relative), new { message = message.GetProperty("id").GetInt64(), text }, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await process.DisposeAsync();
    }

    private (string Host, int Port) HostAndPort(string name)
    {
        var parts = addresses.GetProperty(name).GetString()!.Split(':');
        return (parts[0], int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture));
    }
}
