using System.Text.Json;
using Tocsin.Specifications.Channels;
using Tocsin.Testing;

namespace Tocsin.Alerting.Channels.Tests;

/// <summary>A carrier of the lab in a process of its own, told what to do by one JSON object a line, each answered by one.</summary>
internal abstract class LaboratoryCarrier(ChildProcess process) : IScriptableCarrier
{
    private int lastRequest;

    public abstract CarrierTraits Traits { get; }

    public async ValueTask ScriptAsync(CarrierAnswer afterwards, params CarrierAnswer[] next) =>
        await AskAsync(new { Do = "script", Afterwards = Verdict(afterwards), Next = next.Select(Verdict) });

    public abstract ValueTask<IReadOnlyList<string>> ReceivedAsync();

    public abstract ValueTask<IReadOnlyList<string>> TextsAsync();

    public async ValueTask BreakSilenceAsync() => await AskAsync(new { Do = "break-silence" });

    public async ValueTask GoDownAsync() => await AskAsync(new { Do = "down" });

    public async ValueTask ComeBackAsync() => await AskAsync(new { Do = "up" });

    public virtual ValueTask<bool> SendReceiptAsync(string providerMessageId, bool delivered) => throw new NotSupportedException();

    public virtual ValueTask<bool> SendReplyAsync(string from, string text) => throw new NotSupportedException();

    public virtual ValueTask DisposeAsync() => process.DisposeAsync();

    protected async Task<JsonElement> AskAsync<T>(T request)
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
