using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Tocsin.Bench.Sfu.Load;

/// <param name="Data">The plugin's.</param>
/// <param name="Description">SDP, where there is one.</param>
internal sealed record JanusAnswer(JsonNode Data, string? Description);

/// <summary>A session of Janus's HTTP interface: requests one after the other, whose answers are fetched by long polling.</summary>
internal sealed class JanusSession : IDisposable
{
    private const int StartAttempts = 200;
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromMilliseconds(50);

    private readonly HttpClient client;
    private readonly Uri session;
    private int transactions;

    private JanusSession(HttpClient client, Uri session) => (this.client, this.session) = (client, session);

    /// <summary>Opens a session as soon as the server answers.</summary>
    public static async Task<JanusSession> OpenAsync(Uri server)
    {
        var http = new HttpClient();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var created = await PostAsync(http, server, new JsonObject { ["janus"] = "create", ["transaction"] = "create" });
                return new JanusSession(http, new Uri($"{server}/{created["data"]!["id"]}"));
            }
            catch (HttpRequestException) when (attempt < StartAttempts)
            {
                await Task.Delay(BetweenAttempts);
            }
        }
    }

    /// <returns>A handle of the VideoRoom.</returns>
    public async Task<long> AttachAsync()
    {
        var attached = await PostAsync(client, session, new JsonObject { ["janus"] = "attach", ["plugin"] = "janus.plugin.videoroom", ["transaction"] = NextTransaction() });
        return (long)attached["data"]!["id"]!;
    }

    /// <exception cref="InvalidOperationException">It was refused.</exception>
    public async Task<JanusAnswer> AskAsync(long handle, JsonObject body, string? descriptionType = null, string? description = null)
    {
        var transaction = NextTransaction();
        var message = new JsonObject { ["janus"] = "message", ["transaction"] = transaction, ["body"] = body };
        if (description is not null)
            message["jsep"] = new JsonObject { ["type"] = descriptionType, ["sdp"] = description, ["trickle"] = false };
        var answer = await PostAsync(client, new Uri($"{session}/{handle}"), message);
        while ((string?)answer["janus"] == "ack" || (string?)answer["transaction"] != transaction)
            answer = await client.GetFromJsonAsync<JsonNode>(session) ?? throw new InvalidOperationException("Janus said nothing");
        var data = answer["plugindata"]?["data"] ?? throw new InvalidOperationException($"Janus refused: {answer.ToJsonString()}");
        if (data["error"] is { } error)
            throw new InvalidOperationException($"Janus refused: {error}");
        return new JanusAnswer(data, (string?)answer["jsep"]?["sdp"]);
    }

    public void Dispose() => client.Dispose();

    private static async Task<JsonNode> PostAsync(HttpClient http, Uri to, JsonObject body)
    {
        using var response = await http.PostAsJsonAsync(to, body);
        var answer = await response.Content.ReadFromJsonAsync<JsonNode>() ?? throw new InvalidOperationException("Janus said nothing");
        return (string?)answer["janus"] == "error" ? throw new InvalidOperationException($"Janus refused: {answer.ToJsonString()}") : answer;
    }

    private string NextTransaction() => $"t{++transactions}";
}
