using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Schema;
using Tocsin.Testing;

namespace Tocsin.Storage.Tests;

/// <summary>One database of its own with the schema applied. A specification suite takes it as class fixture and so runs on both kinds.</summary>
public abstract class StorageUnderTest : IAsyncLifetime
{
    private ServiceProvider? provider;

    public ManualTimeProvider Time { get; } = new();

    public DatabaseOptions Database { get; private set; } = null!;

    public IServiceProvider Services => provider!;

    public CommandStore Store => Services.GetRequiredService<CommandStore>();

    public IDbContextFactory<TocsinDbContext> Contexts => Services.GetRequiredService<IDbContextFactory<TocsinDbContext>>();

    /// <summary>A new, empty database of this kind.</summary>
    public abstract Task<DatabaseOptions> CreateEmptyAsync();

    public async ValueTask InitializeAsync()
    {
        Database = await CreateEmptyAsync();
        provider = Open(Database);
        await Services.GetRequiredService<SchemaMigrator>().ApplyAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Another process's view of <paramref name="database"/>: services that share nothing with <see cref="Services"/> but the database.</summary>
    public ServiceProvider Open(DatabaseOptions database)
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(Time);
        services.AddLogging();
        services.AddTocsinStorage(database);
        return services.BuildServiceProvider();
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (provider is not null) await provider.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

public sealed class SqliteStorage : StorageUnderTest
{
    private readonly ScratchDirectory scratch = new();
    private readonly List<DatabaseOptions> created = [];

    public override Task<DatabaseOptions> CreateEmptyAsync()
    {
        created.Add(DatabaseOptions.SqliteFile(scratch.File($"{created.Count + 1}.db")));
        return Task.FromResult(created[^1]);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        foreach (var database in created) database.CloseIdleConnections();
        scratch.Dispose();
    }
}

public sealed class PostgreSqlStorage : StorageUnderTest
{
    public override async Task<DatabaseOptions> CreateEmptyAsync()
    {
        var server = await PostgresServer.Shared;
        return new DatabaseOptions(DatabaseKind.PostgreSql, await server.CreateDatabaseAsync(TestContext.Current.CancellationToken));
    }
}
