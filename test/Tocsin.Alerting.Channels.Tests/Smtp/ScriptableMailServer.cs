using System.Globalization;
using System.Text.Json;
using Tocsin.Specifications.Channels;
using Tocsin.Testing;

namespace Tocsin.Alerting.Channels.Tests.Smtp;

/// <summary>The lab's mail server (npm smtp-server), which does with each mail as it is told.</summary>
internal sealed class ScriptableMailServer : IScriptableCarrier
{
    private readonly ChildProcess process;
    private int lastRequest;

    private ScriptableMailServer(ChildProcess process, int port)
    {
        this.process = process;
        Port = port;
    }

    public int Port { get; }

    public CarrierTraits Traits => CarrierTraits.GivesIds;

    public static async Task<ScriptableMailServer> StartAsync(params string[] arguments)
    {
        var child = Laboratory.Start("mail/sink.js", arguments);
        var ready = await child.WaitForLineAsync("\"ready\":true,\"port\":(?<port>[0-9]+)");
        return new ScriptableMailServer(child, int.Parse(ready.Groups["port"].ValueSpan, CultureInfo.InvariantCulture));
    }

    public async ValueTask ScriptAsync(CarrierAnswer afterwards, params CarrierAnswer[] next) =>
        await AskAsync(new { Do = "script", Afterwards = Verdict(afterwards), Next = next.Select(Verdict) });

    public async ValueTask<IReadOnlyList<string>> ReceivedAsync() => [.. (await MailsAsync()).Select(mail => mail.To[0])];

    public async ValueTask<IReadOnlyList<string>> TextsAsync() => [.. (await MailsAsync()).Select(mail => $"{mail.Subject}\n{mail.Text}")];

    public async Task<IReadOnlyList<ReceivedMail>> MailsAsync() =>
        (await AskAsync(new { Do = "received" })).GetProperty("mails").Deserialize<List<ReceivedMail>>(JsonSerializerOptions.Web)!;

    public async ValueTask BreakSilenceAsync() => await AskAsync(new { Do = "break-silence" });

    public async ValueTask GoDownAsync() => await AskAsync(new { Do = "down" });

    public async ValueTask ComeBackAsync() => await AskAsync(new { Do = "up" });

    public ValueTask<bool> SendReceiptAsync(string providerMessageId, bool delivered) => throw new NotSupportedException();

    public ValueTask<bool> SendReplyAsync(string from, string text) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => process.DisposeAsync();

    private async Task<JsonElement> AskAsync<T>(T request)
    {
        var id = Interlocked.Increment(ref lastRequest);
        var fields = JsonSerializer.SerializeToNode(request, JsonSerializerOptions.Web)!.AsObject();
        fields["id"] = id;
        await process.WriteLineAsync(fields.ToJsonString());
        var answer = await process.WaitForLineAsync($$"""^\{"id":{{id}}[,}].*$""");
        return JsonElement.Parse(answer.Value);
    }

    private static string Verdict(CarrierAnswer answer) => answer switch
    {
        CarrierAnswer.Accept => "accept",
        CarrierAnswer.Refuse => "refuse",
        CarrierAnswer.Throttle => "throttle",
        CarrierAnswer.StaySilent => "silent",
        _ => "hang-up",
    };
}

/// <summary>A mail as the lab read it, with a MIME parser that is not ours.</summary>
internal sealed record ReceivedMail(string From, IReadOnlyList<string> To, string Subject, string Text, string Html, IReadOnlyDictionary<string, string> Headers);
