using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tocsin.Storage.Events;

/// <summary>How events are written: camelCase, enums as kebab-case words, identifiers as plain UUIDs.</summary>
public static class EventJson
{
    public static JsonSerializerOptions Options { get; } = Create();

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };
        Configure(options);
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    /// <summary>The same words on every wire: HTTP and hub use this too.</summary>
    public static void Configure(JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false));
        options.Converters.Add(new UuidJsonConverterFactory());
        options.MaxDepth = 32;
    }
}
