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
        return Task.CompletedTask;
    }

    private static Task NameIdentifiers(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
        if (type == typeof(RecipientId) || type == typeof(DeliveryId)) Become(schema, JsonSchemaType.Integer, "int64");
        else if (type.IsValueType && type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IUuid<>))) Become(schema, JsonSchemaType.String, "uuid");
        else if (type == typeof(long) || type == typeof(int) || type == typeof(short)) Become(schema, JsonSchemaType.Integer, schema.Format);
        else if (type == typeof(TimeSpan)) Become(schema, JsonSchemaType.String, "duration");
        else if (type == typeof(TimeOnly)) Become(schema, JsonSchemaType.String, "time");
        else if (type == typeof(EscalationAction)) BecomeOneOf(schema, EscalationAction.WireKinds);
        else if (type == typeof(Attachment)) BecomeOneOf(schema, Attachment.WireKinds);
        else if (type == typeof(double)) Become(schema, JsonSchemaType.Number, schema.Format);
        return Task.CompletedTask;
    }

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

    /// <summary>What has several forms, told apart by <c>kind</c>; the further members are each form's own.</summary>
    private static void BecomeOneOf(OpenApiSchema schema, IEnumerable<string> kinds)
    {
        Become(schema, JsonSchemaType.Object, null);
        schema.Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal)
        {
            ["kind"] = new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. kinds.Select(kind => (System.Text.Json.Nodes.JsonNode)kind)] },
        };
        schema.Required = new HashSet<string>(StringComparer.Ordinal) { "kind" };
        schema.AdditionalPropertiesAllowed = true;
    }

    private static Task StateAccess(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<AccessRule>().FirstOrDefault() is { } rule)
        {
            operation.Description = rule.Reason is null
                ? $"For: {string.Join(", ", RoleNames.NamesOf(rule.Allowed))}{(rule.TokenScope is null ? "" : $"; API tokens with {rule.TokenScope}")}."
                : $"Open to all: {rule.Reason}.";
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
