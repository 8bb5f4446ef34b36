using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tocsin.Server.Tests.People;

/// <summary>Calls the API as a program does, and says what came back.</summary>
internal static class JsonClient
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static Task<JsonAnswer> AskAsync(this HttpClient client, HttpMethod method, string path, object? body = null, params (string Name, string Value)[] headers) =>
        client.SendAsync(method, path, body is null ? null : JsonContent.Create(body), headers);

    public static async Task<JsonAnswer> SendAsync(this HttpClient client, HttpMethod method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var response = await client.SendAsync(request, Cancellation);
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        return new JsonAnswer((int)response.StatusCode, text.Length == 0 ? null : Parse(text), response.Headers.ETag?.Tag);
    }

    private static JsonNode? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }

    public static async Task<JsonAnswer> GetOkAsync(this HttpClient client, string path) => (await client.AskAsync(HttpMethod.Get, path)).MustBe(200);
}

/// <param name="Body">Null where there was none.</param>
internal sealed record JsonAnswer(int Status, JsonNode? Body, string? ETag)
{
    public string? Code => Body is JsonObject ? Text("code") : null;

    public JsonNode this[string name] => Body?[name] ?? throw new InvalidOperationException($"The answer has no {name}: {Status} {Body}");

    public string? Text(string name) => (string?)Body?[name];

    public string? Field(string path) => (string?)Body?["fields"]?[path];

    public JsonArray Items => this["items"].AsArray();

    public JsonAnswer MustBe(int status)
    {
        Assert.True(Status == status, $"Expected {status}, got {Status}: {Body}");
        return this;
    }

    public JsonAnswer MustBeRefused(int status, string code)
    {
        Assert.True(Status == status && Code == code, $"Expected {status} {code}, got {Status}: {Body}");
        return this;
    }
}
