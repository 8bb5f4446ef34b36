using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tocsin.Alerting;

namespace Tocsin.Server.Tests;

/// <summary>Requests and answers as JSON, as a client of the API sees them.</summary>
internal static class ApiClient
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A value as the rules write it.</summary>
    public static JsonNode ToJson<T>(T value) => JsonSerializer.SerializeToNode(value, AlertingJson.Options)!;

    public static async Task<JsonNode> GetJsonAsync(this HttpClient client, string path, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var answer = await client.GetAsync(path, Cancellation);
        return await ReadAsync(answer, expected);
    }

    public static Task<JsonNode> PostJsonAsync(this HttpClient client, string path, JsonNode? body, HttpStatusCode expected = HttpStatusCode.OK, string? key = null) =>
        client.SendJsonAsync(HttpMethod.Post, path, body, expected, key);

    public static async Task<JsonNode> SendJsonAsync(
        this HttpClient client, HttpMethod method, string path, JsonNode? body, HttpStatusCode expected = HttpStatusCode.OK, string? key = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = JsonContent.Create(body);
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        using var answer = await client.SendAsync(request, Cancellation);
        return await ReadAsync(answer, expected);
    }

    public static async Task<JsonNode> SendTextAsync(this HttpClient client, HttpMethod method, string path, string body, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(method, path) { Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json") };
        using var answer = await client.SendAsync(request, Cancellation);
        return await ReadAsync(answer, expected);
    }

    public static string CodeOf(this JsonNode problem) => problem["code"]!.GetValue<string>();

    public static string? FieldOf(this JsonNode problem, string path) => problem["fields"]?[path]?.GetValue<string>();

    private static async Task<JsonNode> ReadAsync(HttpResponseMessage answer, HttpStatusCode expected)
    {
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.True(expected == answer.StatusCode, $"Expected {expected}, got {answer.StatusCode}: {text}");
        return text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!;
    }
}
