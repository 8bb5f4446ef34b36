using System.CommandLine;
using Microsoft.EntityFrameworkCore;
using Tocsin.Server.Features.PublicPage;
using Tocsin.Server.Hosting;
using Tocsin.Storage;

namespace Tocsin.Server.Cli;

/// <summary><c>tocsin public export DIR</c>: the public page as files, beside a running server or without one.</summary>
internal static class PublicCommand
{
    public static Command Create()
    {
        var directory = new Argument<string>("DIR") { Description = "The directory to write into; made where there is none" };
        var export = new Command("export", "Write the public page, its feeds and CAP files, for any web host") { directory };
        export.SetAction((parsed, cancellationToken) => OfflineStore.RunAsync(
            parsed, (services, options) => ExportAsync(parsed, services, options, Path.GetFullPath(parsed.GetValue(directory)!), cancellationToken)));
        return new Command("public", "The page for the public") { export };
    }

    private static async Task<int> ExportAsync(ParseResult parsed, IServiceProvider services, TocsinOptions options, string directory, CancellationToken cancellationToken)
    {
        await using var db = await services.GetRequiredService<IDbContextFactory<TocsinDbContext>>().CreateDbContextAsync(cancellationToken);
        var content = await PublicContent.ReadAsync(db, services.GetRequiredService<TimeProvider>(), cancellationToken);
        var site = PublicSite.Render(content, PublicPagePublisher.AddressOf(options, ServerAddress.Configured(options)));
        await site.WriteAsync(directory, cancellationToken);
        CommandOutput.Write(parsed, new { directory, files = site.Files.Keys }, answer => [$"Wrote {answer.files.Count()} files into {answer.directory}. Copy all of them to your web host."]);
        return ExitCodes.Success;
    }
}
