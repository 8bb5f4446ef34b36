using System.Globalization;

namespace Tocsin.Alerting.Content;

/// <summary>Numbers as people read them: thousands parted by a narrow no-break space in French, by a comma in English.</summary>
internal static class NumberWords
{
    // Spelled out rather than taken from a culture: the server runs without the system's culture data on small machines.
    private static readonly NumberFormatInfo French = new() { NumberGroupSeparator = "\u202F" };

    public static string Of(long number, ContentLanguage language) =>
        number.ToString("#,0", language == ContentLanguage.En ? NumberFormatInfo.InvariantInfo : French);
}
