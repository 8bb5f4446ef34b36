using System.CommandLine;

namespace Tocsin.Server.Cli;

/// <summary>Flags that every command understands.</summary>
internal static class CommonOptions
{
    public static Option<string?> Config { get; } = new("--config") { Description = "Configuration file (default: tocsin.json, where there is one)", Recursive = true };

    public static Option<string?> Data { get; } = new("--data") { Description = "Data directory", Recursive = true };

    public static Option<string?> Database { get; } = new("--database") { Description = "postgres://user:password@host/database instead of the embedded database", Recursive = true };

    public static Option<bool> Json { get; } = new("--json") { Description = "Answer in JSON, for programs", Recursive = true };

    /// <summary>The common flags by configuration key; absent ones are null.</summary>
    public static Dictionary<string, string?> Flags(ParseResult parsed) => new(StringComparer.OrdinalIgnoreCase)
    {
        ["data"] = parsed.GetValue(Data),
        ["database"] = parsed.GetValue(Database),
    };

    /// <summary>Only the flags that were given, so that an absent one does not hide the file's value.</summary>
    public static IReadOnlyDictionary<string, string?> Given(Dictionary<string, string?> flags) =>
        flags.Where(flag => flag.Value is not null).ToDictionary(flag => flag.Key, flag => flag.Value, StringComparer.OrdinalIgnoreCase);
}
