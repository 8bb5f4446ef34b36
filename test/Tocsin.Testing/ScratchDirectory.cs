namespace Tocsin.Testing;

/// <summary>A directory of this test's own, deleted at its end.</summary>
public sealed class ScratchDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("tocsin-test-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (IOException)
        {
            // A program that is still ending may hold a file; the system's temporary directory is cleared in time.
        }
    }
}
