using Tocsin.Storage;

namespace Tocsin.Server.Hosting;

/// <summary>Where the configured database is.</summary>
internal static class DatabaseLocation
{
    /// <summary>PostgreSQL where configured; otherwise the embedded database in the data directory, which is made, for its owner alone.</summary>
    /// <exception cref="IOException">The data directory cannot be made or written.</exception>
    /// <exception cref="UnauthorizedAccessException">As above.</exception>
    public static DatabaseOptions Of(TocsinOptions options)
    {
        if (options.Database is { } url && DatabaseOptions.TryParse(url, out var parsed)) return parsed!;
        MakeDataDirectory(options.Data);
        return DatabaseOptions.SqliteFile(Path.Combine(options.Data, "tocsin.db"));
    }

    private static void MakeDataDirectory(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        // SQLite would only say "unable to open": find out here what it is.
        var probe = Path.Combine(path, $".probe-{Environment.ProcessId}");
        File.WriteAllBytes(probe, []);
        File.Delete(probe);
    }
}
