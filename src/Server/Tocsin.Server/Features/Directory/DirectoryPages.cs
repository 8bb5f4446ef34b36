using System.Linq.Expressions;

namespace Tocsin.Server.Features.Directory;

/// <summary>Lists of groups, sites, functions, rotas and lists: few enough for a page to hold them all, and paged all the same.</summary>
internal static class DirectoryPages
{
    public const int Most = 1_000;
    public const int Usual = 200;

    /// <summary>In the order of the key, beginning after <paramref name="after"/>, byte by byte as the column is kept.</summary>
    public static IQueryable<T> After<T>(this IQueryable<T> rows, Expression<Func<T, string>> key, string after)
    {
        // What EF Core translates to "key > @after"; written out because C# has no such operator on strings.
        Expression<Func<string>> parameter = () => after;
        var compared = Expression.Call(typeof(string), nameof(string.Compare), null, key.Body, parameter.Body);
        var isAfter = Expression.GreaterThan(compared, Expression.Constant(0));
        return rows.Where(Expression.Lambda<Func<T, bool>>(isAfter, key.Parameters)).OrderBy(key);
    }

    /// <param name="rows">In order, one more than <paramref name="limit"/> where there are more.</param>
    public static Page<TView> Of<TRow, TView>(List<TRow> rows, int limit, Func<TRow, string> keyOf, Func<TRow, TView> view) =>
        new([.. rows.Take(limit).Select(view)], rows.Count > limit ? Paging.CursorOf(keyOf(rows[limit - 1])) : null);
}
