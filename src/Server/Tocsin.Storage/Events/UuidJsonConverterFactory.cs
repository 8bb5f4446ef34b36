using System.Text.Json;
using System.Text.Json.Serialization;
using Tocsin.Alerting;

namespace Tocsin.Storage.Events;

/// <summary>Writes typed identifiers as the plain value inside: a UUID string, or a number for the dense ones.</summary>
public sealed class UuidJsonConverterFactory : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert)
    {
        ArgumentNullException.ThrowIfNull(typeToConvert);
        return IsUuid(typeToConvert) || typeToConvert == typeof(RecipientId) || typeToConvert == typeof(DeliveryId);
    }

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options)
    {
        if (typeToConvert == typeof(RecipientId)) return new RecipientConverter();
        if (typeToConvert == typeof(DeliveryId)) return new DeliveryConverter();
        return (JsonConverter)Activator.CreateInstance(typeof(UuidConverter<>).MakeGenericType(typeToConvert))!;
    }

    private static bool IsUuid(Type type) =>
        type.IsValueType && type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IUuid<>));

    private sealed class UuidConverter<TId> : JsonConverter<TId>
        where TId : struct, IUuid<TId>
    {
        public override TId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => TId.From(reader.GetGuid());

        public override void Write(Utf8JsonWriter writer, TId value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);

        public override TId ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            Guid.TryParse(reader.GetString(), out var value) ? TId.From(value) : throw new JsonException();

        public override void WriteAsPropertyName(Utf8JsonWriter writer, TId value, JsonSerializerOptions options) => writer.WritePropertyName(value.Value.ToString());
    }

    private sealed class RecipientConverter : JsonConverter<RecipientId>
    {
        public override RecipientId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetInt64());

        public override void Write(Utf8JsonWriter writer, RecipientId value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Value);
    }

    private sealed class DeliveryConverter : JsonConverter<DeliveryId>
    {
        public override DeliveryId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetInt64());

        public override void Write(Utf8JsonWriter writer, DeliveryId value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Value);
    }
}
