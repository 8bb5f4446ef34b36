namespace Tocsin.Server.Features.Directory;

/// <summary>What is wrong with which field of a request: path in wire names to stable code. All at once, so that somebody mends a form in one go.</summary>
internal sealed class FieldErrors
{
    private readonly Dictionary<string, string> byPath = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, string> ByPath => byPath;

    public bool Any => byPath.Count > 0;

    /// <summary>The first code of a field stands.</summary>
    public void Add(string path, string code) => byPath.TryAdd(path, code);

    public static FieldErrors One(string path, string code)
    {
        var errors = new FieldErrors();
        errors.Add(path, code);
        return errors;
    }
}
