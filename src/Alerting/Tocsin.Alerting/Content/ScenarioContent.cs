namespace Tocsin.Alerting.Content;

/// <summary>What an alert says, before its variables are filled in.</summary>
public sealed record ScenarioContent
{
    /// <summary>One line per language; a <see cref="MessageTemplate"/>.</summary>
    public required LocalizedText Title { get; init; }

    /// <summary>The text per language; a <see cref="MessageTemplate"/>. The first sentence is the instruction.</summary>
    public required LocalizedText Body { get; init; }

    public IReadOnlyList<VariableDefinition> Variables { get; init; } = [];
}

/// <summary>What an alert says, filled in, per language.</summary>
public sealed record AlertText(LocalizedText Title, LocalizedText Body);
