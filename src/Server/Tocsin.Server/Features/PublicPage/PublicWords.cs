using System.Globalization;
using Tocsin.Alerting.Content;
using Tocsin.Alerting.Time;

namespace Tocsin.Server.Features.PublicPage;

/// <summary>The page's own words. French with its no-break spaces.</summary>
internal sealed record PublicWords(
    ContentLanguage Language,
    string Title,
    string Updated,
    string Normal,
    string Disturbed,
    string Crisis,
    string Alerts,
    string Messages,
    string NoMessages,
    string Contacts,
    string WhatToDo,
    string Corrected,
    string AllClear,
    string Cancelled,
    string ExerciseNotice,
    string OtherLanguage,
    string OnlyOtherLanguage,
    string Feed,
    string More,
    string Machine)
{
    private static readonly PublicWords French = new(
        ContentLanguage.Fr, "Informations au public", "Mis à jour le", "Fonctionnement normal", "Fonctionnement perturbé", "Crise en cours", "Alertes en cours", "Messages",
        "Aucun message en ce moment.", "Nous joindre", "Que faire", "Corrigé le", "Fin d’alerte", "Alerte annulée", "Ceci est un exercice, pas un événement réel.", "English",
        "Ce texte n’existe qu’en anglais.", "S’abonner (flux Atom)", "Les messages plus anciens sont dans le flux.", "Pour les systèmes (CAP 1.2)");

    private static readonly PublicWords English = new(
        ContentLanguage.En, "Public information", "Updated", "Working normally", "Services are disturbed", "A crisis is under way", "Alerts under way", "Messages",
        "No message at the moment.", "How to reach us", "What to do", "Corrected", "All clear", "Alert cancelled", "This is an exercise, not a real event.", "Français",
        "This text exists in French only.", "Subscribe (Atom feed)", "Older messages are in the feed.", "For systems (CAP 1.2)");

    private static readonly Dictionary<string, (string French, string English)> Categories = new(StringComparer.Ordinal)
    {
        ["Geo"] = ("Mouvement de terrain", "Ground movement"),
        ["Met"] = ("Météo", "Weather"),
        ["Safety"] = ("Sécurité des personnes", "Safety"),
        ["Security"] = ("Sûreté", "Security"),
        ["Rescue"] = ("Secours", "Rescue"),
        ["Fire"] = ("Incendie", "Fire"),
        ["Health"] = ("Santé", "Health"),
        ["Env"] = ("Environnement", "Environment"),
        ["Transport"] = ("Transports", "Transport"),
        ["Infra"] = ("Réseaux et services", "Networks and services"),
        ["CBRNE"] = ("Risque chimique, biologique ou nucléaire", "Chemical, biological or nuclear hazard"),
        ["Other"] = ("Événement", "Event"),
    };

    public string Tag => Language == ContentLanguage.En ? "en" : "fr";

    public static PublicWords In(ContentLanguage language) => language == ContentLanguage.En ? English : French;

    public string Category(string category) => Categories.TryGetValue(category, out var words) ? (Language == ContentLanguage.En ? words.English : words.French) : category;

    public string Status(PublicStatus status) => status switch
    {
        PublicStatus.Normal => Normal,
        PublicStatus.Disturbed => Disturbed,
        _ => Crisis,
    };

    public string Severity(Severity severity) => (Language, severity) switch
    {
        (ContentLanguage.En, Alerting.Content.Severity.Info) => "Information",
        (ContentLanguage.En, Alerting.Content.Severity.Advisory) => "Advisory",
        (ContentLanguage.En, Alerting.Content.Severity.Severe) => "Severe",
        (ContentLanguage.En, _) => "Extreme",
        (_, Alerting.Content.Severity.Info) => "Information",
        (_, Alerting.Content.Severity.Advisory) => "Vigilance",
        (_, Alerting.Content.Severity.Severe) => "Grave",
        _ => "Danger vital",
    };

    /// <summary>The wall time of the organisation, with its offset: a reader may be anywhere.</summary>
    public string Moment(DateTimeOffset at, IanaTimeZone zone)
    {
        var local = zone.WallTimeOf(at);
        return Language == ContentLanguage.En
            ? $"{local.ToString("d MMMM yyyy 'at' HH:mm", CultureInfo.InvariantCulture)} ({UtcOffset.Of(local)})"
            : $"{(local.Day == 1 ? "1er" : local.Day.ToString(CultureInfo.InvariantCulture))} {Months[local.Month - 1]} {local.Year} à {local.ToString("HH:mm", CultureInfo.InvariantCulture)} ({UtcOffset.Of(local)})";
    }

    private static readonly string[] Months = ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"];
}
