using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Tocsin.Storage.Schema;

namespace Tocsin.Storage.Tests.Schema;

/// <summary>The generated model is the one that the context describes. Where it is not: <c>eng/compile-model/run</c>.</summary>
public sealed class CompiledModelTests
{
    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.PostgreSql)]
    public void Generated_model_is_what_the_context_describes(DatabaseKind kind)
    {
        using var generated = new TocsinDbContext(OptionsOf(builder => StorageRegistration.Configure(builder, Unused(kind))));
        using var described = new TocsinDbContext(OptionsOf(builder => Use(builder, kind)));
        Assert.Same(CompiledModel.Find(kind), generated.Model);
        Assert.NotSame(generated.Model, described.Model);
        var expected = Describe(described.Model);
        Assert.InRange(expected.Count, 1_000, int.MaxValue);
        Assert.Equal(expected, Describe(generated.Model));
    }

    private static List<string> Describe(IModel model) =>
    [
        "version " + model.GetProductVersion(),
        .. model.ToDebugString(MetadataDebugStringOptions.LongDefault).Split('\n').Select(line => line.TrimEnd()),
        .. model.GetRelationalModel().ToDebugString(MetadataDebugStringOptions.LongDefault).Split('\n').Select(line => line.TrimEnd()),
        .. model.GetEntityTypes().OrderBy(entity => entity.Name, StringComparer.Ordinal).SelectMany(entity => entity.GetProperties().Select(Describe)),
    ];

    // What the debug view leaves out: how a value becomes one of the database, and how two are compared.
    private static string Describe(IProperty property)
    {
        var mapping = property.GetRelationalTypeMapping();
        return string.Join(
            " | ",
            $"{property.DeclaringType.Name}.{property.Name}",
            property.GetColumnName(),
            $"{mapping.GetType().Name} {mapping.StoreType} {mapping.DbType} {mapping.Size} {mapping.IsUnicode} {mapping.IsFixedLength} {mapping.Precision} {mapping.Scale}",
            Describe(mapping.Converter),
            property.GetValueComparer().EqualsExpression.ToString(),
            property.GetKeyValueComparer().EqualsExpression.ToString(),
            property.GetProviderValueComparer().EqualsExpression.ToString(),
            $"{property.IsNullable} {property.IsColumnNullable()} {property.ValueGenerated} {property.IsConcurrencyToken}",
            $"{property.GetBeforeSaveBehavior()} {property.GetAfterSaveBehavior()} {property.GetMaxLength()}");
    }

    private static string Describe(ValueConverter? converter) =>
        converter is null ? "" : $"{converter.ModelClrType} {converter.ConvertToProviderExpression} {converter.ProviderClrType} {converter.ConvertFromProviderExpression}";

    private static DbContextOptions<TocsinDbContext> OptionsOf(Action<DbContextOptionsBuilder> configure)
    {
        var builder = new DbContextOptionsBuilder<TocsinDbContext>();
        configure(builder);
        return builder.Options;
    }

    private static void Use(DbContextOptionsBuilder builder, DatabaseKind kind)
    {
        if (kind == DatabaseKind.Sqlite) builder.UseSqlite(Unused(kind).ConnectionString);
        else builder.UseNpgsql(Unused(kind).ConnectionString);
    }

    // A model needs no connection.
    private static DatabaseOptions Unused(DatabaseKind kind) => new(kind, kind == DatabaseKind.Sqlite ? "Data Source=:memory:" : "Host=unused");
}
