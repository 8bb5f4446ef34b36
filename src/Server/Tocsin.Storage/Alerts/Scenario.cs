using Tocsin.Alerting;

namespace Tocsin.Storage.Alerts;

/// <summary>An alert prepared in advance, as it is kept.</summary>
public sealed class Scenario
{
    public ScenarioId Id { get; set; }

    /// <summary>What scripts and monitoring call it: 1 to 32 characters of a-z, 0-9 and '-', unique.</summary>
    public string Key { get; set; } = "";

    /// <summary>1, then one more with each change: who changes a scenario says which version they saw.</summary>
    public int Version { get; set; } = 1;

    /// <summary><see cref="Alerting.Scenarios.ScenarioDefinition"/> as <see cref="AlertingJson"/>.</summary>
    public string Definition { get; set; } = "";

    /// <summary>Off: kept, but nobody can raise it.</summary>
    public bool Enabled { get; set; } = true;

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset ChangedAt { get; set; }
}
