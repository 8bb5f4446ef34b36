using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Tocsin.Storage.Schema;

internal static class BytewiseOrder
{
    private const string Annotation = "Tocsin:BytewiseOrder";

    /// <summary>Compares by bytes in both databases: SQLite always does, PostgreSQL where it is told to rather than by the server's language.</summary>
    /// <remarks>Prefix ranges (<c>word &gt;= 'mar' AND word &lt; 'mas'</c>) and cursors need one order everywhere.</remarks>
    public static PropertyBuilder<string> InBytewiseOrder(this PropertyBuilder<string> property) => property.HasAnnotation(Annotation, true);

    /// <summary>Turns the marks into PostgreSQL's collation; SQLite's default needs none.</summary>
    public static void UseBytewiseOrder(this ModelBuilder model, DatabaseKind kind)
    {
        if (kind != DatabaseKind.PostgreSql) return;
        var marked = model.Model.GetEntityTypes().SelectMany(entity => entity.GetProperties()).Where(property => property.FindAnnotation(Annotation) is not null);
        foreach (var property in marked) property.SetCollation("C");
    }
}
