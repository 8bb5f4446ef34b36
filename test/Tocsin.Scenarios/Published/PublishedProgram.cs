using Tocsin.Testing;

namespace Tocsin.Scenarios.Published;

/// <summary>What is shipped: <c>deploy/publish</c> made it, as <c>./dev test</c> does before the scenarios.</summary>
internal static class PublishedProgram
{
    private static readonly string directory = Path.Combine(Repository.Root, "artifacts", "tocsin");

    /// <summary>Null where nothing was published.</summary>
    public static string? IfThere => Path.Combine(directory, "tocsin") is var program && File.Exists(program) ? program : null;

    public static string WebRoot => Path.Combine(directory, "web");

    public static string Executable
    {
        get
        {
            var program = Path.Combine(directory, "tocsin");
            return File.Exists(program) ? program : throw new InvalidOperationException("The program is not published: run deploy/publish.");
        }
    }
}
