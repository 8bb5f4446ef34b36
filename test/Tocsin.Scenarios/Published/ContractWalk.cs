using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tocsin.Scenarios.Published;

/// <summary>One request for each operation of an OpenAPI document, with every field of its body filled in, so that all of it is read.</summary>
/// <param name="names">Values for parameters and fields of these names; the others get any of their type.</param>
internal sealed class ContractWalk(JsonObject document, IReadOnlyDictionary<string, string> names)
{
    // A body that holds itself is filled in no deeper.
    private const int Deepest = 6;

    /// <summary>Reading first: what is changed afterwards cannot be missing then.</summary>
    public IEnumerable<(string Operation, HttpRequestMessage Request)> Requests() =>
        from path in document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        orderby operation.Key != "get"
        select ($"{operation.Key} {path.Key}", RequestOf(path.Key, operation.Key, operation.Value!.AsObject()));

    private HttpRequestMessage RequestOf(string path, string method, JsonObject operation)
    {
        var address = path;
        foreach (var parameter in Parameters(operation).Where(parameter => (string?)parameter["in"] == "path"))
        {
            var name = (string)parameter["name"]!;
            address = address.Replace($"{{{name}}}", ValueOf(name == "id" ? Singular(path) : name, parameter["schema"]!.AsObject(), 0)!.ToString(), StringComparison.Ordinal);
        }

        var request = new HttpRequestMessage(new HttpMethod(method.ToUpperInvariant()), address);
        if (operation["requestBody"]?["content"]?["application/json"]?["schema"] is JsonObject schema)
            request.Content = new StringContent(ValueOf("", schema, 0)?.ToJsonString() ?? "null", Encoding.UTF8, "application/json");
        if (method == "post") request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
        return request;
    }

    private IEnumerable<JsonObject> Parameters(JsonObject operation) => operation["parameters"]?.AsArray().Select(parameter => parameter!.AsObject()) ?? [];

    /// <summary>Of /api/v1/alerts/{id}/board: alerts.</summary>
    private static string Singular(string path) => path.Split('/')[3];

    private JsonNode? ValueOf(string name, JsonObject schema, int depth)
    {
        if (depth > Deepest) return null;
        if ((string?)schema["$ref"] is { } reference) return ValueOf(name, document["components"]!["schemas"]![reference.Split('/')[^1]]!.AsObject(), depth + 1);
        if ((schema["oneOf"] ?? schema["anyOf"] ?? schema["allOf"]) is JsonArray choices) return ValueOf(name, choices.Select(choice => choice!.AsObject()).Last(), depth + 1);
        if (schema["enum"] is JsonArray values) return values.First(value => value is not null)!.DeepClone();
        if (names.TryGetValue(name, out var known)) return known;
        return TypeOf(schema) switch
        {
            "object" => ObjectOf(schema, depth),
            "array" => new JsonArray(ValueOf(name, schema["items"] as JsonObject ?? [], depth + 1)),
            "integer" or "number" => 1,
            "boolean" => true,
            "string" => TextOf((string?)schema["format"]),
            _ => null,
        };
    }

    private JsonObject ObjectOf(JsonObject schema, int depth)
    {
        var filled = new JsonObject();
        if (schema["properties"] is not JsonObject properties) return filled;
        foreach (var (name, property) in properties) filled[name] = ValueOf(name, property!.AsObject(), depth + 1);
        return filled;
    }

    private static string? TypeOf(JsonObject schema) => schema["type"] switch
    {
        JsonArray types => types.Select(type => (string?)type).FirstOrDefault(type => type is not ("null" or "string")) ?? "string",
        { } type => type.GetValueKind() == JsonValueKind.String ? (string?)type : null,
        null => schema.ContainsKey("properties") ? "object" : null,
    };

    private static string TextOf(string? format) => format switch
    {
        "uuid" => "0197a000-0000-7000-8000-000000000000",
        "date-time" => "2026-01-31T12:00:00Z",
        "date" => "2026-01-31",
        "time" => "12:00:00",
        "uri" => "https://hospital.example/",
        _ => "some",
    };
}
