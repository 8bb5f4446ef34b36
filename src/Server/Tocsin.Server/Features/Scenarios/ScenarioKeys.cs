using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting.Content;
using Tocsin.Storage;
using Tocsin.Storage.Alerts;
using Tocsin.Storage.Directory;

namespace Tocsin.Server.Features.Scenarios;

/// <summary>Keys for scenarios whose writer gave none.</summary>
internal static class ScenarioKeys
{
    private const int LongestKey = 32;

    // Leaves room for "-499".
    private const int LongestStem = LongestKey - 4;

    /// <summary><c>Évacuation incendie</c> becomes <c>evacuation-incendie</c>.</summary>
    public static string From(LocalizedText name)
    {
        var words = SearchText.Words(name.In(ContentLanguage.Fr)).Where(word => word.All(char.IsAsciiLetterOrDigit));
        var key = string.Join('-', words);
        return key.Length == 0 ? "scenario" : Stem(key);
    }

    /// <summary><paramref name="wanted"/>, or the first of <c>wanted-2</c>, <c>wanted-3</c> ... that is free.</summary>
    public static async Task<string> FreeAsync(TocsinDbContext db, string wanted, CancellationToken cancellationToken)
    {
        var stem = Stem(wanted);
        var taken = await db.Set<Scenario>().Where(s => s.Key.StartsWith(stem)).Select(s => s.Key).ToListAsync(cancellationToken);
        if (!taken.Contains(wanted, StringComparer.Ordinal)) return wanted;
        for (var number = 2; ; number++)
        {
            var key = string.Create(CultureInfo.InvariantCulture, $"{stem}-{number}");
            if (!taken.Contains(key, StringComparer.Ordinal)) return key;
        }
    }

    private static string Stem(string key) => key.Length <= LongestStem ? key : key[..LongestStem].TrimEnd('-');
}
