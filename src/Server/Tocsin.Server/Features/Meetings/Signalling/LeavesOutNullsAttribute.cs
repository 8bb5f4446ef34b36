using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Tocsin.Server.Features.Meetings.Signalling;

/// <summary>Members of this record that are null are not written.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class LeavesOutNullsAttribute : Attribute
{
    /// <summary>Makes <paramref name="options"/> heed it.</summary>
    public static void Heed(JsonSerializerOptions options) => options.TypeInfoResolver = (options.TypeInfoResolver ?? new DefaultJsonTypeInfoResolver()).WithAddedModifier(LeaveOut);

    private static void LeaveOut(JsonTypeInfo type)
    {
        if (!type.Type.IsDefined(typeof(LeavesOutNullsAttribute), inherit: false)) return;
        foreach (var property in type.Properties) property.ShouldSerialize = static (_, value) => value is not null;
    }
}
