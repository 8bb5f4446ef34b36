namespace Tocsin.Alerting.Content;

/// <summary>The same text in one or both languages. At least one is present.</summary>
public sealed record LocalizedText(string? Fr = null, string? En = null)
{
    /// <summary>The text in <paramref name="language"/>, or in the other language where it was not written.</summary>
    public string In(ContentLanguage language) => language switch
    {
        ContentLanguage.En => En ?? Fr ?? "",
        _ => Fr ?? En ?? "",
    };
}
