using System.Text.Json;
using Tocsin.Specifications.Channels;
using Tocsin.Testing;

namespace Tocsin.Alerting.Channels.Tests.WebPush;

/// <summary>The lab's push service, which checks the signature of each push, and its phones, which decrypt it with Node's own cryptography.</summary>
internal sealed class ScriptablePushService : LaboratoryCarrier
{
    private readonly List<JsonElement> subscriptions;

    private ScriptablePushService(ChildProcess process, string origin)
        : base(process)
    {
        Origin = origin;
        subscriptions = [];
    }

    public string Origin { get; }

    public override CarrierTraits Traits => CarrierTraits.GivesIds;

    public static async Task<ScriptablePushService> StartAsync(int phones)
    {
        var process = Laboratory.Start("push/sink.js", "--now", $"{ManualTimeProvider.DefaultStart.ToUnixTimeMilliseconds()}");
        var ready = await process.WaitForLineAsync("\"ready\":true,\"origin\":\"(?<origin>[^\"]+)\"");
        var service = new ScriptablePushService(process, ready.Groups["origin"].Value);
        service.subscriptions.AddRange((await service.AskAsync(new { Do = "subscribe", Count = phones })).GetProperty("subscriptions").EnumerateArray());
        return service;
    }

    /// <summary>The n-th phone's subscription as JSON, from 1.</summary>
    public string Subscription(int n) => subscriptions[n - 1].GetRawText();

    public override async ValueTask<IReadOnlyList<string>> ReceivedAsync()
    {
        var byEndpoint = subscriptions.ToDictionary(subscription => subscription.GetProperty("endpoint").GetString()!, subscription => subscription.GetRawText(), StringComparer.Ordinal);
        return [.. (await PushesAsync()).Select(push => byEndpoint[push.Endpoint])];
    }

    public override async ValueTask<IReadOnlyList<string>> TextsAsync() =>
        [.. (await PushesAsync()).Select(push => $"{push.Payload.GetProperty("title").GetString()}\n{push.Payload.GetProperty("body").GetString()}")];

    public async Task<IReadOnlyList<ReceivedPush>> PushesAsync() =>
        (await AskAsync(new { Do = "received" })).GetProperty("pushes").Deserialize<List<ReceivedPush>>(JsonSerializerOptions.Web)!;
}

/// <summary>A push as it came to the service, and its payload as the phone decrypted it.</summary>
internal sealed record ReceivedPush(string Endpoint, long Ttl, string Urgency, string? Topic, string SenderKey, JsonElement Payload);
