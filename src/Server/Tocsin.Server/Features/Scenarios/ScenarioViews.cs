using System.Text.Json;
using Tocsin.Alerting;
using Tocsin.Alerting.Content;
using Tocsin.Alerting.Scenarios;
using Tocsin.Storage.Alerts;

namespace Tocsin.Server.Features.Scenarios;

/// <param name="Key">What scripts and monitoring call it.</param>
/// <param name="Version">Give it back with a change: it says which one was seen.</param>
/// <param name="Enabled">Off: kept, but nobody can raise it.</param>
/// <param name="AudienceSentence">Who it goes to, in words of both languages.</param>
/// <param name="LastRaisedAt">Absent where it never was.</param>
internal sealed record ScenarioSummary(
    ScenarioId Id, string Key, int Version, bool Enabled, ScenarioDefinition Definition, LocalizedText AudienceSentence, DateTimeOffset? LastRaisedAt, DateTimeOffset ChangedAt)
{
    public static ScenarioDefinition DefinitionOf(Scenario scenario) => JsonSerializer.Deserialize<ScenarioDefinition>(scenario.Definition, AlertingJson.Options)!;
}

/// <param name="Next">Cursor of the next page; absent on the last.</param>
internal sealed record ScenarioPage(IReadOnlyList<ScenarioSummary> Items, string? Next);

/// <param name="Key">1 to 32 characters of a-z, 0-9 and '-', unique; absent: made from the name.</param>
internal sealed record NewScenario(ScenarioDefinition Definition, string? Key = null, bool Enabled = true);

/// <param name="Version">The one that was seen: a change of another is refused.</param>
/// <param name="Key">Absent: as it is.</param>
/// <param name="Enabled">Absent: as it is.</param>
internal sealed record ScenarioChange(int Version, ScenarioDefinition Definition, string? Key = null, bool? Enabled = null);

/// <summary>Data of <c>scenario.changed</c>: whoever shows it reads it again.</summary>
internal sealed record ScenarioChanged(ScenarioId ScenarioId, int Version, bool Enabled);
