using System.Globalization;

namespace Tocsin.Server.Features.AlertsApi;

/// <summary>Where a page ended, for lists in the order of falling numbers.</summary>
internal static class NumberCursor
{
    /// <param name="before">Null where <paramref name="after"/> is null: from the first on.</param>
    /// <returns>False where it is no cursor.</returns>
    public static bool TryParse(string? after, out long? before)
    {
        before = null;
        if (after is null) return true;
        if (!long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return false;
        before = number;
        return true;
    }
}
