using System.Text;

namespace Tocsin.Scenarios.Secrets;

/// <summary>Something that nobody but the people of a room may have, in the forms in which it could lie about.</summary>
internal sealed record Secret(string Name, IReadOnlyList<byte[]> Forms)
{
    public static Secret OfText(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return new Secret(text, [bytes, Encoding.Unicode.GetBytes(text), .. InBase64(bytes)]);
    }

    public static Secret OfKey(string name, byte[] key)
    {
        var hex = Convert.ToHexStringLower(key);
        return new Secret(name, [key, Encoding.ASCII.GetBytes(hex), Encoding.Unicode.GetBytes(hex), .. InBase64(key)]);
    }

    /// <summary>Wherever it begins in what was written so, and whether as bytes or as characters: without the ends, which depend on what stands beside.</summary>
    private static IEnumerable<byte[]> InBase64(byte[] bytes) =>
        from before in Enumerable.Range(0, 3)
        let text = Convert.ToBase64String([.. new byte[before], .. bytes])[4..^4]
        from encoding in new[] { Encoding.ASCII, Encoding.Unicode }
        select encoding.GetBytes(text);

    /// <returns>Names of those that stand in the bytes, in whichever form.</returns>
    public static string[] FoundIn(byte[] bytes, IReadOnlyList<Secret> secrets) =>
        [.. secrets.Where(secret => secret.Forms.Any(form => bytes.AsSpan().IndexOf(form) >= 0)).Select(secret => secret.Name)];

    /// <summary>A file that another process has open.</summary>
    public static async Task<byte[]> ReadSharedAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[file.Length];
        await file.ReadExactlyAsync(bytes, cancellationToken);
        return bytes;
    }
}
