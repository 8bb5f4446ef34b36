using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Tocsin.Storage.Backup;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Events;
using Tocsin.Storage.Schema;
using Tocsin.Storage.Secrets;
using Tocsin.Storage.Sqlite;

namespace Tocsin.Storage;

public static class StorageRegistration
{
    /// <summary>Adds the store on <paramref name="database"/>. The schema is applied by <see cref="SchemaMigrator"/>, which the host calls before it starts anything that reads it.</summary>
    public static IServiceCollection AddTocsinStorage(this IServiceCollection services, DatabaseOptions database)
    {
        ArgumentNullException.ThrowIfNull(database);
        services.AddSingleton(database);
        services.AddPooledDbContextFactory<TocsinDbContext>(builder => Configure(builder, database));
        services.AddScoped(provider => provider.GetRequiredService<IDbContextFactory<TocsinDbContext>>().CreateDbContext());
        services.AddSingleton<WriteGate>();
        services.AddSingleton<EventSignal>();
        services.AddSingleton<EventLog>();
        services.AddSingleton<CommandStore>();
        services.AddSingleton<SchemaMigrator>();
        services.AddSingleton<SharedSecrets>();
        services.AddSingleton<BackupWriter>();
        services.AddSingleton<BackupReader>();
        return services;
    }

    internal static void Configure(DbContextOptionsBuilder builder, DatabaseOptions database)
    {
        if (database.Kind == DatabaseKind.Sqlite)
            builder.UseSqlite(database.ConnectionString).AddInterceptors(SqliteConnectionSettings.Instance);
        else
            builder.UseNpgsql(database.ConnectionString);
        if (CompiledModel.Find(database.Kind) is { } model) builder.UseModel(model);
    }
}
