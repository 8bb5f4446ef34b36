namespace Tocsin.Server.Features.AnswerPage;

/// <summary>The page's style and the two small scripts that it works without.</summary>
internal static class AnswerPageAssets
{
    public static string Read(string name)
    {
        using var stream = typeof(AnswerPageAssets).Assembly.GetManifestResourceStream($"AnswerPage/{name}")
            ?? throw new InvalidOperationException($"The asset {name} is not in this build.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
