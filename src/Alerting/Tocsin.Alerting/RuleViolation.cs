namespace Tocsin.Alerting;

/// <summary>One reason why a value is refused, for the person who wrote it.</summary>
/// <param name="Code">One of <see cref="RuleCodes"/> (<c>title-too-long</c>).</param>
/// <param name="Path">Which field, in wire names (<c>content.title.fr</c>, <c>plan.steps[1].after</c>).</param>
public readonly record struct RuleViolation(string Code, string Path);
