using Tocsin.Storage.Directory;

namespace Tocsin.Server.Features.Directory;

/// <summary>Names of groups, sites, functions, rotas and lists: unique whatever the accents and capitals.</summary>
internal static class DirectoryNames
{
    /// <summary>The folded name. One without a single letter or digit is refused: nobody could find it.</summary>
    public static string KeyOf(string name, string path, FieldErrors errors)
    {
        var key = SearchText.NameKey(name);
        if (key.Length == 0 && name.Length > 0) errors.Add(path, DirectoryText.InvalidCharacter);
        return key;
    }
}
