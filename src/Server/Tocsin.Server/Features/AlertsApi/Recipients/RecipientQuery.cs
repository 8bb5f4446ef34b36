using System.Globalization;
using Tocsin.Alerting;
using Tocsin.Server.Features.Alerts.Board;
using Tocsin.Storage.Alerts;

namespace Tocsin.Server.Features.AlertsApi.Recipients;

/// <summary>Filters and cursor of a page of recipients, as a query string has them.</summary>
internal static class RecipientQuery
{
    /// <returns>Null where something given is not of its form.</returns>
    public static RecipientFilter? ParseFilter(string? standing, string? answer, string? site, string? group, bool? unread, string? search)
    {
        if (!WireWord.TryParse<Standing>(standing, out var wanted)) return null;
        if (!TryParse(site, out var ofSite) || !TryParse(group, out var ofGroup)) return null;
        return new RecipientFilter(
            wanted is { } only ? [only] : null,
            answer,
            ofSite is { } siteId ? new SiteId(siteId) : null,
            ofGroup is { } groupId ? new GroupId(groupId) : null,
            search,
            unread == true);
    }

    public static bool TryParseCursor(string? text, out RecipientCursor? cursor)
    {
        cursor = null;
        if (text is null) return true;
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        if (dot <= 0
            || !int.TryParse(text.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var standing)
            || !long.TryParse(text.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            || !Enum.IsDefined((Standing)standing))
        {
            return false;
        }

        cursor = new RecipientCursor((Standing)standing, id);
        return true;
    }

    public static string WriteCursor(Recipient last) => string.Create(CultureInfo.InvariantCulture, $"{(int)last.Standing}.{last.Id}");

    private static bool TryParse(string? text, out Guid? id)
    {
        id = Guid.TryParse(text, out var parsed) ? parsed : null;
        return text is null || id is not null;
    }
}
