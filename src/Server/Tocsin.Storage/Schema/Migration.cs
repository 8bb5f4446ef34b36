using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Tocsin.Storage.Schema;

/// <summary>One numbered SQL file, applied once, in order, never edited after it was released.</summary>
internal sealed record Migration(int Version, string Name, string Sql)
{
    public string Checksum { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql)));

    /// <summary>The migrations embedded for <paramref name="kind"/>, by number.</summary>
    public static IReadOnlyList<Migration> For(DatabaseKind kind)
    {
        var assembly = typeof(Migration).Assembly;
        var prefix = kind == DatabaseKind.Sqlite ? "Sqlite/" : "PostgreSql/";
        return [.. assembly.GetManifestResourceNames()
            .Where(resource => resource.StartsWith(prefix, StringComparison.Ordinal))
            .Select(resource => Read(assembly, resource, resource[prefix.Length..]))
            .OrderBy(migration => migration.Version)];
    }

    private static Migration Read(System.Reflection.Assembly assembly, string resource, string file)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        return new Migration(int.Parse(file.AsSpan(0, 4), CultureInfo.InvariantCulture), file[5..^4], reader.ReadToEnd());
    }
}
