namespace Tocsin.Testing;

/// <summary>Programs of the repository's <c>lab/</c>, which stand in for carriers and phones.</summary>
public static class Laboratory
{
    /// <summary>The directory that holds the solution.</summary>
    public static string RepositoryRoot { get; } = FindRoot();

    /// <summary>Starts one of the lab's scripts under Node.</summary>
    /// <param name="script">Relative to <c>lab/</c>.</param>
    public static ChildProcess Start(string script, params IEnumerable<string> arguments)
    {
        var lab = Path.Combine(RepositoryRoot, "lab");
        if (!Directory.Exists(Path.Combine(lab, "node_modules")))
            throw new InvalidOperationException("The lab's packages are not installed: `./dev setup` installs them.");
        return ChildProcess.Start("node", [Path.Combine(lab, script), .. arguments], lab);
    }

    private static string FindRoot()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "Tocsin.slnx")))
                return directory.FullName;
        }

        throw new InvalidOperationException("The tests run from within the repository.");
    }
}
