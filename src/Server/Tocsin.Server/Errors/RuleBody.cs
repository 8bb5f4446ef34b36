using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Tocsin.Alerting;

namespace Tocsin.Server.Errors;

/// <summary>A request body that holds values of the rules, read as strictly as they are (<see cref="AlertingJson"/>): an unknown field is refused by its name.</summary>
/// <remarks>An endpoint that takes one states <c>Accepts&lt;T&gt;("application/json")</c> for the contract, and returns <see cref="Refused"/> where there is one.</remarks>
internal sealed class RuleBody<T>
    where T : class
{
    private RuleBody(T? value, ProblemHttpResult? refused) => (Value, Refused) = (value!, refused);

    /// <summary>Only where nothing is <see cref="Refused"/>.</summary>
    public T Value { get; }

    public ProblemHttpResult? Refused { get; }

    public static async ValueTask<RuleBody<T>> BindAsync(HttpContext context)
    {
        if (!context.Request.HasJsonContentType()) return new RuleBody<T>(null, CommonRefusals.InvalidInput.ToProblem("The body must be application/json."));
        try
        {
            var value = await JsonSerializer.DeserializeAsync<T>(context.Request.Body, AlertingJson.Options, context.RequestAborted);
            return value is null ? new RuleBody<T>(null, CommonRefusals.InvalidInput.ToProblem("The body is null.")) : new RuleBody<T>(value, null);
        }
        catch (JsonException unreadable)
        {
            return new RuleBody<T>(null, CommonRefusals.InvalidInput.ToProblem("The body cannot be read.", FieldOf(unreadable)));
        }
        catch (BadHttpRequestException refused) when (refused.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return new RuleBody<T>(null, CommonRefusals.TooLarge.ToProblem());
        }
    }

    // A path may hold what was sent (an unknown field's name), so it is bounded.
    private static Dictionary<string, string>? FieldOf(JsonException unreadable) =>
        unreadable.Path is { Length: > 2 and <= 200 } path && path.StartsWith("$.", StringComparison.Ordinal)
            ? new Dictionary<string, string>(StringComparer.Ordinal) { [path[2..]] = FieldCodes.Unreadable }
            : null;
}

/// <summary>Codes in a refusal's <c>fields</c>, beside <see cref="RuleCodes"/>.</summary>
internal static class FieldCodes
{
    /// <summary>Not of the form that is expected here, missing, or no field that is known.</summary>
    public const string Unreadable = "unreadable";

    public const string KeyTaken = "key-taken";
    public const string OutOfRange = "out-of-range";

    public static IReadOnlyList<string> All { get; } = [Unreadable, KeyTaken, OutOfRange];
}
