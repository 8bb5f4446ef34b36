using System.Globalization;
using System.Text.Json;
using Tocsin.Specifications.Channels;
using Tocsin.Testing;

namespace Tocsin.Alerting.Channels.Tests.Smtp;

/// <summary>The lab's mail server (npm smtp-server), which does with each mail as it is told.</summary>
internal sealed class ScriptableMailServer : LaboratoryCarrier
{
    private ScriptableMailServer(ChildProcess process, int port)
        : base(process) => Port = port;

    public int Port { get; }

    public override CarrierTraits Traits => CarrierTraits.GivesIds;

    public static async Task<ScriptableMailServer> StartAsync(params string[] arguments)
    {
        var process = Laboratory.Start("mail/sink.js", arguments);
        var ready = await process.WaitForLineAsync("\"ready\":true,\"port\":(?<port>[0-9]+)");
        return new ScriptableMailServer(process, int.Parse(ready.Groups["port"].ValueSpan, CultureInfo.InvariantCulture));
    }

    public override async ValueTask<IReadOnlyList<string>> ReceivedAsync() => [.. (await MailsAsync()).Select(mail => mail.To[0])];

    public override async ValueTask<IReadOnlyList<string>> TextsAsync() => [.. (await MailsAsync()).Select(mail => $"{mail.Subject}\n{mail.Text}")];

    public async Task<IReadOnlyList<ReceivedMail>> MailsAsync() =>
        (await AskAsync(new { Do = "received" })).GetProperty("mails").Deserialize<List<ReceivedMail>>(JsonSerializerOptions.Web)!;
}

/// <summary>A mail as the lab read it, with a MIME parser that is not ours.</summary>
internal sealed record ReceivedMail(string From, IReadOnlyList<string> To, string Subject, string Text, string Html, IReadOnlyDictionary<string, string> Headers);
