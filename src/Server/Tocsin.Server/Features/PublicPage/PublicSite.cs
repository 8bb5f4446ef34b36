using System.IO.Compression;
using System.Text.RegularExpressions;
using Tocsin.Alerting.Content;

namespace Tocsin.Server.Features.PublicPage;

/// <summary>All files of the public page, by their path: what any web host serves as it is.</summary>
internal sealed partial class PublicSite
{
    private PublicSite(SortedDictionary<string, byte[]> files) => Files = files;

    public IReadOnlyDictionary<string, byte[]> Files { get; }

    /// <param name="address">Where people find it, with a trailing slash.</param>
    public static PublicSite Render(PublicContent content, Uri address)
    {
        var updatedAt = content.Bulletins.Select(b => b.PublishedAt).Concat(content.Alerts.Select(a => a.Latest.At)).DefaultIfEmpty(DateTimeOffset.UnixEpoch).Max();
        if (content.ChangedAt > updatedAt) updatedAt = content.ChangedAt;
        var french = PublicPageHtml.Write(content, ContentLanguage.Fr, updatedAt);
        var english = PublicPageHtml.Write(content, ContentLanguage.En, updatedAt);
        var files = new SortedDictionary<string, byte[]>(StringComparer.Ordinal)
        {
            ["fr.html"] = french,
            ["en.html"] = english,
            ["index.html"] = content.Language == ContentLanguage.En ? english : french,
            ["feed.fr.xml"] = AtomFeed.Write(content, ContentLanguage.Fr, address, updatedAt),
            ["feed.en.xml"] = AtomFeed.Write(content, ContentLanguage.En, address, updatedAt),
        };
        foreach (var alert in content.Alerts)
        {
            foreach (var said in alert.Said) files[alert.FileOf(said)] = CapMessage.Write(content, alert, said, $"tocsin@{address.IdnHost}");
        }

        return new PublicSite(files);
    }

    /// <summary>Writes each file whole or not at all, the pages last and what is gone after them: whoever reads meanwhile follows no dead link.</summary>
    /// <remarks>Files of other names in the directory are nobody's business.</remarks>
    public async Task WriteAsync(string directory, CancellationToken cancellationToken)
    {
        System.IO.Directory.CreateDirectory(Path.Combine(directory, "cap"));
        foreach (var (name, bytes) in Files.OrderBy(file => file.Key.EndsWith(".html", StringComparison.Ordinal)))
        {
            var path = Path.Combine(directory, name);
            if (File.Exists(path) && Enumerable.SequenceEqual(bytes, await File.ReadAllBytesAsync(path, cancellationToken))) continue;
            var partial = $"{path}.{Guid.NewGuid():n}.partial";
            try
            {
                await using (var stream = new FileStream(partial, FileMode.CreateNew, FileAccess.Write))
                {
                    await stream.WriteAsync(bytes, cancellationToken);
                    stream.Flush(flushToDisk: true);
                }

                File.Move(partial, path, overwrite: true);
            }
            finally
            {
                File.Delete(partial);
            }
        }

        foreach (var old in System.IO.Directory.EnumerateFiles(Path.Combine(directory, "cap")).Where(path => CapFile().IsMatch(Path.GetFileName(path)) && !Files.ContainsKey($"cap/{Path.GetFileName(path)}")))
            File.Delete(old);
    }

    /// <summary>All of it as one archive.</summary>
    public byte[] ToZip()
    {
        using var memory = new MemoryStream();
        using (var archive = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, bytes) in Files)
            {
                using var entry = archive.CreateEntry(name).Open();
                entry.Write(bytes);
            }
        }

        return memory.ToArray();
    }

    public static string TypeOf(string path) => path switch
    {
        _ when path.EndsWith(".html", StringComparison.Ordinal) => "text/html; charset=utf-8",
        _ when path.StartsWith("cap/", StringComparison.Ordinal) => "application/cap+xml; charset=utf-8",
        _ => "application/atom+xml; charset=utf-8",
    };

    [GeneratedRegex(@"\A[0-9]+-[0-9]+\.xml\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex CapFile();
}
