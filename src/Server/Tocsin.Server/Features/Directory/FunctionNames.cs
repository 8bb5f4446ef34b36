namespace Tocsin.Server.Features.Directory;

/// <summary>Which of a function's names somebody is shown.</summary>
internal static class FunctionNames
{
    /// <param name="language"><c>fr</c> or <c>en</c>.</param>
    public static string In(string language, string? french, string? english) => (language == "en" ? english ?? french : french ?? english) ?? "";

    /// <summary>The caller's language: the first of <c>Accept-Language</c> that we have, French otherwise.</summary>
    public static string LanguageOf(HttpContext context)
    {
        foreach (var accepted in context.Request.GetTypedHeaders().AcceptLanguage.OrderByDescending(language => language.Quality ?? 1))
        {
            var tag = accepted.Value.AsSpan();
            if (tag.StartsWith("fr", StringComparison.OrdinalIgnoreCase)) return "fr";
            if (tag.StartsWith("en", StringComparison.OrdinalIgnoreCase)) return "en";
        }

        return "fr";
    }
}
