using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Tocsin.Alerting;
using Tocsin.Storage.Directory;

namespace Tocsin.Server.Features.Directory;

/// <summary>A part of a list.</summary>
/// <param name="Next">Give as <c>after</c> for the next page; null on the last.</param>
internal sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>Cursors as they travel: opaque, safe in a query, and refused when they are not ours.</summary>
internal static class Paging
{
    public static int LimitOf(int? asked, int most = 200, int usual = 50) => Math.Clamp(asked ?? usual, 1, most);

    public static string CursorOf(PeopleCursor after) => Base64Url.EncodeToString([.. after.Person.Value.ToByteArray(bigEndian: true), .. Encoding.UTF8.GetBytes(after.SortKey)]);

    public static string CursorOf(string key) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(key));

    /// <returns>False for a cursor that is not ours. None given is the beginning: null.</returns>
    public static bool TryRead(string? cursor, out PeopleCursor? after)
    {
        after = null;
        if (cursor is null) return true;
        if (!TryDecode(cursor, out var bytes) || bytes.Length < 16) return false;
        after = new PeopleCursor(Encoding.UTF8.GetString(bytes.AsSpan(16)), new PersonId(new Guid(bytes.AsSpan(0, 16), bigEndian: true)));
        return !after.SortKey.Contains('\0', StringComparison.Ordinal);
    }

    /// <inheritdoc cref="TryRead(string?, out PeopleCursor?)"/>
    public static bool TryRead(string? cursor, out string after)
    {
        after = "";
        if (cursor is null) return true;
        if (!TryDecode(cursor, out var bytes)) return false;
        after = Encoding.UTF8.GetString(bytes);
        return !after.Contains('\0', StringComparison.Ordinal);
    }

    private static bool TryDecode(string cursor, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        if (cursor.Length > 2_000 || !Base64Url.IsValid(cursor)) return false;
        bytes = Base64Url.DecodeFromChars(cursor);
        return true;
    }
}
