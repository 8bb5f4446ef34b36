using System.Globalization;
using System.Text.Json;
using Tocsin.Specifications.Channels;
using Tocsin.Testing;

namespace Tocsin.Alerting.Channels.Tests.Sms;

/// <summary>An SMS centre in a program of its own that takes commands on its standard input; <c>lab/smsc/scripted.js</c> describes the language.</summary>
internal sealed class ScriptedSmsCentre : IAnsweringCarrier
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly ChildProcess process;
    private readonly SemaphoreSlim turn = new(1);
    private int lastCommand;

    private ScriptedSmsCentre(ChildProcess process, int port)
    {
        this.process = process;
        Port = port;
    }

    public int Port { get; }

    public CarrierTraits Traits => CarrierTraits.GivesIds | CarrierTraits.StandingConnection;

    public static Task<ScriptedSmsCentre> OfNodeAsync() => StartedAsync(Laboratory.Start("smsc/scripted.js"));

    public static Task<ScriptedSmsCentre> OfPerlAsync()
    {
        var script = Path.Combine(Laboratory.RepositoryRoot, "test/Tocsin.Alerting.Channels.Tests/Sms/net-smpp-centre.pl");
        return StartedAsync(ChildProcess.Start("perl", ["-MNet::SMPP", script]), "Is Debian's libnet-smpp-perl installed? `./dev setup` installs it.");
    }

    public async ValueTask ScriptAsync(CarrierAnswer afterwards, params CarrierAnswer[] next) =>
        await AskAsync(new { Do = "script", Afterwards = Word(afterwards), Next = next.Select(Word) });

    public async ValueTask<IReadOnlyList<string>> ReceivedAsync() => [.. (await MessagesAsync()).Select(message => message.To)];

    public async ValueTask<IReadOnlyList<string>> TextsAsync() => [.. (await MessagesAsync()).Where(message => message.Text is not null).Select(message => message.Text!)];

    public async ValueTask BreakSilenceAsync() => await AskAsync(new { Do = "break-silence" });

    public async ValueTask GoDownAsync() => await AskAsync(new { Do = "down" });

    public async ValueTask ComeBackAsync() => await AskAsync(new { Do = "up" });

    public async ValueTask<bool> SendReceiptAsync(string providerMessageId, bool delivered) =>
        (await AskAsync(new { Do = "receipt", Message = providerMessageId, State = delivered ? "DELIVRD" : "UNDELIV" })).GetBoolean();

    public async ValueTask<bool> SendReplyAsync(string from, string text) => (await AskAsync(new { Do = "reply", From = from, Text = text })).GetBoolean();

    public async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        turn.Dispose();
    }

    private static async Task<ScriptedSmsCentre> StartedAsync(ChildProcess process, string? hint = null)
    {
        try
        {
            var listening = await process.WaitForLineAsync("^listening (?<port>[0-9]+)$");
            return new ScriptedSmsCentre(process, int.Parse(listening.Groups["port"].Value, CultureInfo.InvariantCulture));
        }
        catch (Exception error) when (error is InvalidOperationException or TimeoutException)
        {
            await process.DisposeAsync();
            throw new InvalidOperationException($"The SMS centre did not start. {hint}\n{error.Message}", error);
        }
    }

    private static string Word(CarrierAnswer answer) => answer switch
    {
        CarrierAnswer.Accept => "accept",
        CarrierAnswer.Refuse => "refuse",
        CarrierAnswer.Throttle => "throttle",
        CarrierAnswer.StaySilent => "silence",
        _ => "hang-up",
    };

    private async Task<Message[]> MessagesAsync() => (await AskAsync(new { Do = "received" })).Deserialize<Message[]>(Json)!;

    private async Task<JsonElement> AskAsync<T>(T command)
    {
        // Commands may wait for the channel (a receipt for its acknowledgement), so only the writing is one at a time.
        var id = Interlocked.Increment(ref lastCommand);
        var fields = JsonSerializer.SerializeToNode(command, Json)!.AsObject();
        fields["id"] = id;
        await turn.WaitAsync();
        try
        {
            await process.WriteLineAsync(fields.ToJsonString());
        }
        finally
        {
            turn.Release();
        }

        var answer = await process.WaitForLineAsync(string.Create(CultureInfo.InvariantCulture, $"^= {id} (?<json>.*)$"));
        return JsonDocument.Parse(answer.Groups["json"].Value).RootElement;
    }

    private sealed record Message(string To, string? Text);
}
