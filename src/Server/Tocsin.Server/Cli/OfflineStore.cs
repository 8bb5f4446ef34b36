using System.CommandLine;
using Tocsin.Server.Hosting;
using Tocsin.Storage;

namespace Tocsin.Server.Cli;

/// <summary>The configured database for a command that works without the server; safe beside a running one.</summary>
internal static class OfflineStore
{
    /// <summary>Runs <paramref name="work"/> on the store's services; turns a wrong configuration or unreachable database into its exit code.</summary>
    public static async Task<int> RunAsync(ParseResult parsed, Func<IServiceProvider, TocsinOptions, Task<int>> work)
    {
        var configuration = ConfigurationReader.Read(parsed.GetValue(CommonOptions.Config), CommonOptions.Given(CommonOptions.Flags(parsed)));
        if (configuration.Options is not { } options) return ExitCodes.Refuse(ExitCodes.Configuration, [.. configuration.Errors]);
        try
        {
            await using var provider = Open(options);
            return await work(provider, options);
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            return ExitCodes.Refuse(ExitCodes.DataDirectory, $"The data directory {Path.GetFullPath(options.Data)}, or a file, cannot be used: {exception.Message}");
        }
        catch (Exception exception) when (DatabaseFailure.In(exception) is { } failure)
        {
            return DatabaseFailure.Refuse(failure);
        }
        catch (Storage.Schema.SchemaRefusedException exception)
        {
            return ExitCodes.Refuse(ExitCodes.Database, exception.Message);
        }
    }

    public static ServiceProvider Open(TocsinOptions options)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(TimeProvider.System);
        services.AddTocsinStorage(DatabaseLocation.Of(options));
        return services.BuildServiceProvider();
    }
}
