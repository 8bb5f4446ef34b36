using System.Globalization;
using Tocsin.Alerting.Content;
using Tocsin.Alerting.Time;
using Tocsin.Storage.Notices;

namespace Tocsin.Server.Features.ContactRefreshes;

/// <summary>Dates of a campaign, as its messages and its page say them.</summary>
internal static class ContactRefreshWords
{
    /// <summary>The sentence that ends every message, so that no words of an administrator can name another date.</summary>
    public static string Deadline(DateTimeOffset until, IanaTimeZone zone, ContentLanguage language, bool isReminder) => language == ContentLanguage.En
        ? $"{(isReminder ? "Reminder: please" : "Please")} confirm before {Moment(until, zone, language)}."
        : $"{(isReminder ? "Rappel : merci" : "Merci")} de confirmer avant le {Moment(until, zone, language)}.";

    /// <summary>What a link changed, for the owner: which one it was can be known, and not used by whoever else reads it.</summary>
    public static string Changed(ContactChangeNotice notice, IanaTimeZone zone)
    {
        var at = Moment(notice.ChangedAt, zone, notice.Language);
        return notice.Language == ContentLanguage.En
            ? $"{InEnglish(notice)}, on {at}, by the personal link of a refresh of contact details. Was it not you? Tell your administrator at once."
            : $"{InFrench(notice)}, le {at}, par le lien personnel d’une mise à jour des coordonnées. Ce n’était pas vous ? Prévenez tout de suite votre administrateur.";
    }

    private static string InEnglish(ContactChangeNotice notice) => notice.Change switch
    {
        ContactChange.Added => $"{notice.MaskedAddress} was added",
        ContactChange.Removed => $"{notice.MaskedAddress} was removed",
        _ => $"{notice.MaskedAddress} took the place of {notice.ReplacedAddress}",
    };

    private static string InFrench(ContactChangeNotice notice) => notice.Change switch
    {
        ContactChange.Added => $"Ajout de {notice.MaskedAddress}",
        ContactChange.Removed => $"Retrait de {notice.MaskedAddress}",
        _ => $"{notice.MaskedAddress} à la place de {notice.ReplacedAddress}",
    };

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
