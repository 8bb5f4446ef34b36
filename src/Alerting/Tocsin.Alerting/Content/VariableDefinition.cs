namespace Tocsin.Alerting.Content;

/// <summary>What a variable takes.</summary>
public enum VariableKind
{
    /// <summary>One line of free text.</summary>
    Text,

    /// <summary>One of the <see cref="VariableDefinition.Choices"/>; the value is the choice's key, what is shown is its label.</summary>
    Choice,

    /// <summary>A time of day, <c>HH:mm</c> on 24 hours.</summary>
    Time,
}

/// <summary>One choice of a variable.</summary>
/// <param name="Key">1 to 32 characters of a-z, 0-9 and '-'.</param>
public sealed record VariableChoice(string Key, LocalizedText Label);

/// <summary>Something that is filled in when the alert is raised: a place, a time, a telephone number to call.</summary>
public sealed record VariableDefinition
{
    /// <summary>As it stands between braces in the texts: 1 to 32 characters of a-z, 0-9 and '-', beginning with a letter.</summary>
    public required string Name { get; init; }

    /// <summary>What the person who raises the alert is asked.</summary>
    public required LocalizedText Label { get; init; }

    public VariableKind Kind { get; init; }

    /// <summary>Whether the alert can't leave without it.</summary>
    public bool Required { get; init; }

    /// <summary>What stands there if nothing is filled in, in the form of <see cref="Kind"/>; for text, per language.</summary>
    public LocalizedText? Default { get; init; }

    /// <summary>For <see cref="VariableKind.Choice"/>: at least one; empty otherwise.</summary>
    public IReadOnlyList<VariableChoice> Choices { get; init; } = [];
}
