using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Tocsin.Storage.Secrets;
using Tocsin.Testing;

namespace Tocsin.Storage.Tests.Secrets;

public abstract class SharedSecretsSpecification(StorageUnderTest storage)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whoever_asks_first_at_once_on_several_nodes_gets_the_same_and_no_log_complains()
    {
        using var log = new RecordedLog();
        List<ServiceProvider> nodes = [];
        for (var i = 0; i < 3; i++) nodes.Add(Open(log));
        var random = TestSeed.Random();
        for (var round = 0; round < 20; round++)
        {
            var name = $"asked-at-once-{round}";
            var made = Enumerable.Range(0, 9).Select(_ => random.Next().ToString(System.Globalization.CultureInfo.InvariantCulture)).ToList();
            var answers = await Task.WhenAll(made.Select((one, i) => Task.Run(
                () => nodes[i % nodes.Count].GetRequiredService<SharedSecrets>().GetOrCreateAsync(name, () => System.Text.Encoding.UTF8.GetBytes(one), Cancellation), Cancellation)));
            Assert.Contains(System.Text.Encoding.UTF8.GetString(answers[0]), made);
            Assert.All(answers, answer => Assert.Equal(answers[0], answer));
        }

        Assert.DoesNotContain(log.Lines, line => line.StartsWith(nameof(LogLevel.Error), StringComparison.Ordinal));
        foreach (var node in nodes) await node.DisposeAsync();
    }

    [Fact]
    public async Task It_is_made_once_and_kept()
    {
        var first = await storage.Services.GetRequiredService<SharedSecrets>().GetOrCreateAsync("kept", 32, Cancellation);
        using var log = new RecordedLog();
        await using var other = Open(log);
        Assert.Equal(32, first.Length);
        Assert.Equal(first, await other.GetRequiredService<SharedSecrets>().GetOrCreateAsync("kept", 32, Cancellation));
    }

    private ServiceProvider Open(RecordedLog log)
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(storage.Time);
        services.AddSingleton<ILoggerFactory>(log);
        services.AddTocsinStorage(storage.Database);
        return services.BuildServiceProvider();
    }
}

public sealed class SqliteSharedSecretsTests(SqliteStorage storage) : SharedSecretsSpecification(storage), IClassFixture<SqliteStorage>;

public sealed class PostgreSqlSharedSecretsTests(PostgreSqlStorage storage) : SharedSecretsSpecification(storage), IClassFixture<PostgreSqlStorage>;
