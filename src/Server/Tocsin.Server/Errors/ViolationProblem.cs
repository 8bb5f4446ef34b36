using Microsoft.AspNetCore.Http.HttpResults;
using Tocsin.Alerting;

namespace Tocsin.Server.Errors;

internal static class ViolationProblem
{
    /// <summary>Everything that is wrong with what somebody wrote, by field, so that it is mended in one go.</summary>
    public static ProblemHttpResult ToProblem(this IReadOnlyList<RuleViolation> violations, string pathPrefix = "") =>
        CommonRefusals.InvalidInput.ToProblem(fields: violations
            .DistinctBy(violation => violation.Path, StringComparer.Ordinal)
            .ToDictionary(violation => pathPrefix + violation.Path, violation => violation.Code, StringComparer.Ordinal));
}
