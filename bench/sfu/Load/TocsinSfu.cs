using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Tocsin.Bench.Sfu.Server;
using Tocsin.Media.Engine.Dtls;
using Tocsin.Media.Engine.Ice;

namespace Tocsin.Bench.Sfu.Load;

/// <summary>Ours, as <see cref="ServerRole"/> in a process of its own on the first core.</summary>
internal sealed class TocsinSfu : ISfu
{
    private readonly Process process;

    private TocsinSfu(Process process) => this.process = process;

    public int ProcessId => process.Id;

    public static Task<ISfu> StartAsync()
    {
        var start = new ProcessStartInfo("taskset", ["-c", "0", Environment.ProcessPath!, "server"]) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        return Task.FromResult<ISfu>(new TocsinSfu(Process.Start(start)!));
    }

    public Task OpenMeetingsAsync(int count) => AskAsync(new Order("open", Count: count));

    public async Task<Publication> PublishAsync(int meeting, Track track, ClientEnd client)
    {
        var answer = await AskAsync(new Order("publish", Meeting: meeting, Kind: track.Kind, Ssrc: track.Ssrc, Fingerprint: client.Fingerprint.ToString()));
        return new Publication(answer.Producer, EndOf(answer));
    }

    public async Task<ServerEnd> SubscribeAsync(int meeting, IReadOnlyList<Publication> publications, ClientEnd client)
    {
        var producers = publications.Select(publication => (int)publication.Id).ToArray();
        return EndOf(await AskAsync(new Order("subscribe", Meeting: meeting, Producers: producers, Fingerprint: client.Fingerprint.ToString())));
    }

    public async Task<IReadOnlyDictionary<string, long>> AskStatisticsAsync() => (await AskAsync(new Order("statistics"))).Statistics!;

    /// <summary>All of them, with everybody in them.</summary>
    public Task CloseMeetingsAsync() => AskAsync(new Order("close"));

    /// <summary>What it occupies, after a full collection.</summary>
    public async Task<IReadOnlyDictionary<string, long>> AskMemoryAsync() => (await AskAsync(new Order("memory"))).Statistics!;

    /// <returns>Packets that were encrypted and sent.</returns>
    public async Task<long> RunLimitAsync(IReadOnlyList<int> ports, int payloadLength, double packetsPerSecond, TimeSpan time) =>
        (await AskAsync(new Order("limit", Ports: [.. ports], Length: payloadLength, Rate: packetsPerSecond, Seconds: time.TotalSeconds))).Packets;

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static ServerEnd EndOf(Answer answer)
    {
        if (!DtlsFingerprint.TryParse(DtlsFingerprint.Algorithm, answer.Fingerprint, out var fingerprint))
            throw new InvalidOperationException("the server has no fingerprint");
        var credentials = new IceCredentials(answer.UsernameFragment!, answer.Password!);
        return new ServerEnd(credentials, new IPEndPoint(IPAddress.Loopback, answer.Port), fingerprint!, answer.TransportNumberId);
    }

    private async Task<Answer> AskAsync(Order order)
    {
        await process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(order, JsonSerializerOptions.Web));
        await process.StandardInput.FlushAsync();
        var line = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("the server has ended");
        return JsonSerializer.Deserialize<Answer>(line, JsonSerializerOptions.Web)!;
    }
}
