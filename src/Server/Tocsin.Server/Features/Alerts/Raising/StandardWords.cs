using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Content;

namespace Tocsin.Server.Features.Alerts.Raising;

/// <summary>What an all-clear or a cancellation says if nobody writes anything else. Always in both languages.</summary>
internal static class StandardWords
{
    public static AlertText Of(MessagePurpose purpose, AlertText before) => purpose switch
    {
        MessagePurpose.AllClear => new AlertText(
            new LocalizedText(Title("Fin d'alerte\u00A0: ", before.Title.In(ContentLanguage.Fr)), Title("All clear: ", before.Title.In(ContentLanguage.En))),
            new LocalizedText("L'alerte est levée. Vous pouvez reprendre vos activités.", "The alert is over. You can resume what you were doing.")),
        MessagePurpose.Cancellation => new AlertText(
            new LocalizedText(Title("Alerte annulée\u00A0: ", before.Title.In(ContentLanguage.Fr)), Title("Alert cancelled: ", before.Title.In(ContentLanguage.En))),
            new LocalizedText("Cette alerte a été envoyée par erreur. Ne tenez pas compte du message précédent.", "This alert was sent by mistake. Disregard the earlier message.")),
        _ => throw new ArgumentOutOfRangeException(nameof(purpose)),
    };

    private static string Title(string prefix, string title)
    {
        var room = ContentBounds.Title - prefix.Length;
        if (title.Length <= room) return prefix + title;
        var cut = title[..(room - 1)];
        return prefix + (char.IsHighSurrogate(cut[^1]) ? cut[..^1] : cut) + "…";
    }
}
