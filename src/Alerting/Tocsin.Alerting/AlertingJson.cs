using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Xml;
using Tocsin.Alerting.Escalation;
using Tocsin.Alerting.Scenarios;

namespace Tocsin.Alerting;

/// <summary>
/// How the rules are written as JSON, in the database and on the wire: camelCase names, kebab-case enums, identifiers as UUID strings,
/// durations as ISO 8601 (<c>PT5M</c>), wall times as <c>HH:mm</c>. Reading is strict: an unknown field, a missing one or a number in place of a word is refused.
/// </summary>
public static class AlertingJson
{
    /// <summary>Read-only and shared. Reading throws <see cref="JsonException"/> and nothing else.</summary>
    public static JsonSerializerOptions Options { get; } = CreateOptions();

    /// <summary>Adds the converters of the rules to options of another layer, so that its own types can hold ours.</summary>
    public static void AddConverters(JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Converters.Add(new UuidConverterFactory());
        AddValueConverters(options);
        options.Converters.Add(new ListConverterFactory());
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false));
    }

    /// <summary>Only what another layer cannot know how to write: durations, times of day, and what has several forms.</summary>
    public static void AddValueConverters(JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Converters.Add(new DurationConverter());
        options.Converters.Add(new WallTimeConverter());
        options.Converters.Add(new KindConverter<EscalationAction>(EscalationAction.Kinds));
        options.Converters.Add(new KindConverter<Attachment>(Attachment.Kinds));
    }

    private static JsonSerializerOptions CreateOptions()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            PropertyNameCaseInsensitive = false,
            NumberHandling = JsonNumberHandling.Strict,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
            AllowDuplicateProperties = false,
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            MaxDepth = 32,
        };
        AddConverters(options);
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    private sealed class UuidConverterFactory : JsonConverterFactory
    {
        public override bool CanConvert(Type typeToConvert) =>
            typeToConvert.IsValueType && Array.Exists(
                typeToConvert.GetInterfaces(), i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IUuid<>));

        public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
            (JsonConverter)Activator.CreateInstance(typeof(UuidConverter<>).MakeGenericType(typeToConvert))!;
    }

    private sealed class UuidConverter<T> : JsonConverter<T>
        where T : struct, IUuid<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && reader.TryGetGuid(out var value)
                ? T.From(value)
                : throw new JsonException("A UUID is expected.");

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);

        public override T ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            Guid.TryParseExact(reader.GetString(), "D", out var value) ? T.From(value) : throw new JsonException("A UUID is expected.");

        public override void WriteAsPropertyName(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
            writer.WritePropertyName(value.Value.ToString("D", CultureInfo.InvariantCulture));
    }

    private sealed class DurationConverter : JsonConverter<TimeSpan>
    {
        public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            // 32 characters hold any duration we write; a longer text is not worth parsing.
            if (reader.TokenType != JsonTokenType.String || reader.GetString() is not { Length: <= 32 } text)
                throw new JsonException("An ISO 8601 duration is expected.");
            try
            {
                return XmlConvert.ToTimeSpan(text);
            }
            catch (Exception refused) when (refused is FormatException or OverflowException)
            {
                throw new JsonException("An ISO 8601 duration is expected.", refused);
            }
        }

        public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
            writer.WriteStringValue(XmlConvert.ToString(value));
    }

    /// <summary>To the minute, as people write rotas and as a browser's time field gives it; seconds are read and written only where there are some.</summary>
    private sealed class WallTimeConverter : JsonConverter<TimeOnly>
    {
        public override TimeOnly Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String
            && TimeOnly.TryParseExact(reader.GetString(), ["HH:mm", "HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
                ? time
                : throw new JsonException("A time of day is expected.");

        public override void Write(Utf8JsonWriter writer, TimeOnly value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString(value.Second == 0 ? "HH:mm" : "HH:mm:ss", CultureInfo.InvariantCulture));
    }

    /// <summary>Reads lists like the serialiser does, but refuses null among their items, which nullable annotations can't.</summary>
    private sealed class ListConverterFactory : JsonConverterFactory
    {
        public override bool CanConvert(Type typeToConvert) =>
            typeToConvert.IsGenericType
            && typeToConvert.GetGenericTypeDefinition() == typeof(IReadOnlyList<>)
            && !typeToConvert.GenericTypeArguments[0].IsValueType;

        public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
            (JsonConverter)Activator.CreateInstance(typeof(ListConverter<>).MakeGenericType(typeToConvert.GenericTypeArguments[0]))!;
    }

    private sealed class ListConverter<T> : JsonConverter<IReadOnlyList<T>>
        where T : class
    {
        public override IReadOnlyList<T>? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var items = JsonSerializer.Deserialize<T?[]>(ref reader, options);
            if (items is not null && Array.Exists(items, item => item is null))
                throw new JsonException("A list has no null in it.");
            return items!;
        }

        public override void Write(Utf8JsonWriter writer, IReadOnlyList<T> value, JsonSerializerOptions options)
        {
            writer.WriteStartArray();
            foreach (var item in value)
                JsonSerializer.Serialize(writer, item, options);
            writer.WriteEndArray();
        }
    }

    /// <summary>
    /// One of several forms of <typeparamref name="T"/>; the property <c>kind</c>, wherever it stands, says which. The serialiser's own polymorphism
    /// treats an object without a kind as a bug of ours and not as wrong input.
    /// </summary>
    private sealed class KindConverter<T>(IReadOnlyDictionary<string, Type> kinds) : JsonConverter<T>
        where T : class
    {
        public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            using var json = JsonDocument.ParseValue(ref reader);
            if (json.RootElement.ValueKind != JsonValueKind.Object
                || !json.RootElement.TryGetProperty("kind", out var kind)
                || kind.ValueKind != JsonValueKind.String
                || !kinds.TryGetValue(kind.GetString()!, out var form))
            {
                throw new JsonException("A known kind is expected.");
            }

            return (T?)json.RootElement.Deserialize(form, options);
        }

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value, value.GetType(), options);
    }
}
