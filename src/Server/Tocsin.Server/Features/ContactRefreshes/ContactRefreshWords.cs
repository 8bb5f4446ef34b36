using System.Globalization;
using Tocsin.Alerting.Content;
using Tocsin.Alerting.Time;

namespace Tocsin.Server.Features.ContactRefreshes;

/// <summary>Dates of a campaign, as its messages and its page say them.</summary>
internal static class ContactRefreshWords
{
    /// <summary>The sentence that ends every message, so that no words of an administrator can name another date.</summary>
    public static string Deadline(DateTimeOffset until, IanaTimeZone zone, ContentLanguage language, bool isReminder) => language == ContentLanguage.En
        ? $"{(isReminder ? "Reminder: please" : "Please")} confirm before {Moment(until, zone, language)}."
        : $"{(isReminder ? "Rappel : merci" : "Merci")} de confirmer avant le {Moment(until, zone, language)}.";

    /// <summary>In the organisation's zone, with its offset: whoever is away reads it on another clock.</summary>
    public static string Moment(DateTimeOffset moment, IanaTimeZone zone, ContentLanguage language)
    {
        var wall = zone.WallTimeOf(moment);
        var culture = CultureInfo.GetCultureInfo(language == ContentLanguage.En ? "en-GB" : "fr-FR");
        var day = wall.ToString("d MMMM yyyy", culture);
        if (language == ContentLanguage.Fr && wall.Day == 1) day = "1er" + day[1..];
        var clock = wall.ToString("HH:mm", CultureInfo.InvariantCulture);
        return language == ContentLanguage.En ? $"{day} at {clock} ({UtcOffset.Of(wall)})" : $"{day} à {clock} ({UtcOffset.Of(wall)})";
    }
}
