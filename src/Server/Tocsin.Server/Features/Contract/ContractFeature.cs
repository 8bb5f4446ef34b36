using System.Text.Json;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Tocsin.Alerting;
using Tocsin.Alerting.Escalation;
using Tocsin.Alerting.Scenarios;
using Tocsin.Server.Access;
using Tocsin.Server.Features.Idempotency;

namespace Tocsin.Server.Features.Contract;

/// <summary>The OpenAPI document of every durable command and query, served at <c>/api/v1/openapi.json</c>. The web client's types are made from it.</summary>
internal static class ContractFeature
{
    public static void AddContract(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_0;
        options.ShouldInclude = description => description.RelativePath?.StartsWith("api/v1/", StringComparison.Ordinal) == true;
        options.AddDocumentTransformer(Describe);
        options.AddSchemaTransformer(NameIdentifiers);
        options.AddOperationTransformer(StateAccess);
    });

    public static void MapContract(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapOpenApi("/api/{documentName}/openapi.json").AllowAnonymousBecause("the contract holds no data and is public in the source");

    private static Task Describe(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info.Title = "Tocsin";
        document.Info.Version = "1";
        document.Info.Description = "Errors are RFC 9457 problems with a stable `code`: see docs/protocol/errors.md.";

        // The address it happened to be served at would make the document differ from machine to machine.
        document.Servers = [];

        // Where a member may be null, the member says so beside the name of its type; the words themselves are never null.
        foreach (var words in (document.Components?.Schemas?.Values ?? []).OfType<OpenApiSchema>().Where(schema => schema.Enum is { Count: > 0 }))
        {
            words.Enum = [.. words.Enum!.Where(word => word is not null && word.GetValueKind() != JsonValueKind.Null)];
            words.Type &= ~JsonSchemaType.Null;
        }

        return Task.CompletedTask;
    }

    private static Task NameIdentifiers(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
        if (type == typeof(RecipientId) || type == typeof(DeliveryId)) Become(schema, JsonSchemaType.Integer, "int64");
        else if (IsUuid(type)) Become(schema, JsonSchemaType.String, "uuid");
        else if (ItemOf(type) is { } item && IsUuid(item)) schema.Items = new OpenApiSchema { Type = JsonSchemaType.String, Format = "uuid" };
        else if (type == typeof(IReadOnlyList<string>) && context.JsonPropertyInfo?.Name == "roles") schema.Items = OneWordOf(RoleNames.Every.Select(RoleNames.Of));
        else if (type == typeof(long) || type == typeof(int) || type == typeof(short)) Become(schema, JsonSchemaType.Integer, schema.Format);
        else if (type == typeof(TimeSpan)) Become(schema, JsonSchemaType.String, "duration");
        else if (type == typeof(TimeOnly)) Become(schema, JsonSchemaType.String, "time");
        else if (type == typeof(EscalationAction)) BecomeOneOf(schema, EscalationAction.WireForms, context);
        else if (type == typeof(Attachment)) BecomeOneOf(schema, Attachment.WireForms, context);
        else if (type == typeof(double)) Become(schema, JsonSchemaType.Number, schema.Format);
        return Task.CompletedTask;
    }

    private static bool IsUuid(Type type) => type.IsValueType && type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IUuid<>));

    // The schema of a list of identifiers comes without items: their converter says nothing of the form they have.
    private static Type? ItemOf(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GetGenericArguments()[0] : null;

    private static OpenApiSchema OneWordOf(IEnumerable<string> words) =>
        new() { Type = JsonSchemaType.String, Enum = [.. words.Select(word => (System.Text.Json.Nodes.JsonNode)word)] };

    // Numbers are described as "integer or string" by default, because the web defaults read both; we write numbers.
    private static void Become(OpenApiSchema schema, JsonSchemaType type, string? format)
    {
        var isNullable = schema.Type?.HasFlag(JsonSchemaType.Null) == true;
        schema.Type = isNullable ? type | JsonSchemaType.Null : type;
        schema.Format = format;
        schema.Pattern = null;
        schema.Properties?.Clear();
        schema.Required?.Clear();
    }

    /// <summary>What has several forms, told apart by <c>kind</c>; the further members are each form's own, and optional where their parameter has a default.</summary>
    private static void BecomeOneOf(OpenApiSchema schema, IReadOnlyDictionary<string, Type> forms, OpenApiSchemaTransformerContext context)
    {
        Become(schema, JsonSchemaType.Object, null);
        schema.OneOf = [.. forms.Select(form => FormOf(form.Key, form.Value, context))];
        schema.Type = null;
        schema.Properties = null;
        schema.Required = null;
    }

    private static OpenApiSchema FormOf(string kind, Type form, OpenApiSchemaTransformerContext context)
    {
        var parameters = form.GetConstructors().Single().GetParameters();
        var described = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal) { ["kind"] = OneWordOf([kind]) },
            Required = new HashSet<string>(StringComparer.Ordinal) { "kind" },
        };
        foreach (var parameter in parameters)
        {
            var name = JsonNamingPolicy.CamelCase.ConvertName(parameter.Name!);
            described.Properties[name] = IsUuid(parameter.ParameterType) ? new OpenApiSchema { Type = JsonSchemaType.String, Format = "uuid" }
                : parameter.ParameterType == typeof(Uri) ? new OpenApiSchema { Type = JsonSchemaType.String, Format = "uri" }
                : new OpenApiSchemaReference(parameter.ParameterType.Name, context.Document);
            if (!parameter.HasDefaultValue) described.Required.Add(name);
        }

        return described;
    }

    private static Task StateAccess(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<AccessRule>().FirstOrDefault() is { } rule)
        {
            operation.Description = rule.IsForRoomGuests ? "For: guests of a room, of the one that their session names."
                : rule.Reason is null ? $"For: {string.Join(", ", RoleNames.NamesOf(rule.Allowed))}{(rule.TokenScope is null ? "" : $"; API tokens with {rule.TokenScope}")}."
                : $"Open to all: {rule.Reason}.";
        }

        // Read whatever its case; written as everything else is.
        foreach (var query in (operation.Parameters ?? []).OfType<OpenApiParameter>().Where(parameter => parameter.In == ParameterLocation.Query))
        {
            query.Name = JsonNamingPolicy.CamelCase.ConvertName(query.Name!);
        }

        if (metadata.OfType<IdempotentCommandMetadata>().Any())
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = IdempotencyFilter.Header,
                In = ParameterLocation.Header,
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = 128 },
                Description = "The same key with the same request gives the same answer and does nothing twice.",
            });
        }

        return Task.CompletedTask;
    }
}
