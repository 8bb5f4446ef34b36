namespace Tocsin.Testing;

/// <summary>Where the sources are, for tests that compare documents with what the program does.</summary>
public static class Repository
{
    /// <summary>The directory of the solution.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string directory) =>
        File.Exists(Path.Combine(directory, "Tocsin.slnx"))
            ? directory
            : Find(Path.GetDirectoryName(directory) ?? throw new InvalidOperationException("The tests do not run inside the repository."));
}
