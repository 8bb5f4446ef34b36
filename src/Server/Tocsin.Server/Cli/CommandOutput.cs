using System.CommandLine;
using System.Text.Json;
using Tocsin.Storage.Events;

namespace Tocsin.Server.Cli;

/// <summary>One answer, for people or, with <c>--json</c>, for programs.</summary>
internal static class CommandOutput
{
    private static readonly JsonSerializerOptions Indented = new(EventJson.Options) { WriteIndented = true };

    public static void Write<T>(ParseResult parsed, T answer, Func<T, IEnumerable<string>> lines)
    {
        if (parsed.GetValue(CommonOptions.Json))
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(answer, Indented));
            return;
        }

        foreach (var line in lines(answer)) Console.Out.WriteLine(line);
    }
}
