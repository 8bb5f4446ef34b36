using System.Text.Json;
using Tocsin.Alerting.Scenarios;

namespace Tocsin.Alerting.Library;

/// <summary>A scenario to start from. An organisation copies it and makes it its own; the copy does not change when the library does.</summary>
/// <param name="Key">Stable (<c>fire-evacuation</c>).</param>
public sealed record LibraryScenario(string Key, ScenarioDefinition Definition);

/// <summary>Scenarios that come with the product, in French and English: the words are ready before they are needed.</summary>
public static class ScenarioLibrary
{
    private const string Prefix = "library/";

    // In the order in which they are offered: danger to life first.
    private static readonly string[] Keys =
    [
        "fire-evacuation", "medical-emergency", "intrusion", "ransomware", "ddos", "power-cut", "network-telephone-outage", "severe-weather",
        "supplier-failure",
    ];

    private static readonly Lazy<IReadOnlyList<LibraryScenario>> Loaded = new(() => [.. Keys.Select(Load)]);

    public static IReadOnlyList<LibraryScenario> All => Loaded.Value;

    private static LibraryScenario Load(string key)
    {
        using var json = typeof(ScenarioLibrary).Assembly.GetManifestResourceStream(Prefix + key)
            ?? throw new InvalidOperationException("The library has no scenario " + key);
        return new LibraryScenario(key, JsonSerializer.Deserialize<ScenarioDefinition>(json, AlertingJson.Options)!);
    }
}
