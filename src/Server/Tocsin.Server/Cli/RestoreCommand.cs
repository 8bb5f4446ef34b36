using System.CommandLine;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting.Time;
using Tocsin.Server.Features.Settings;
using Tocsin.Storage;
using Tocsin.Storage.Backup;

namespace Tocsin.Server.Cli;

/// <summary><c>tocsin restore FILE</c>: into an empty data directory or database; <c>--check</c> only reads the archive.</summary>
internal static class RestoreCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "An archive made by tocsin backup" };
        var check = new Option<bool>("--check") { Description = "Only check that the archive is whole" };
        var command = new Command("restore", "Restore an archive into an empty data directory or database") { file, check };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var path = Path.GetFullPath(parsed.GetValue(file)!);
            if (!File.Exists(path)) return ExitCodes.Refuse(ExitCodes.Failed, $"{path} does not exist.");
            try
            {
                await using var archive = File.OpenRead(path);
                return parsed.GetValue(check)
                    ? Report(parsed, await BackupReader.VerifyAsync(archive, cancellationToken), IanaTimeZone.Utc, "is whole")
                    : await OfflineStore.RunAsync(parsed, async (services, _) =>
                    {
                        var manifest = await services.GetRequiredService<BackupReader>().RestoreAsync(archive, cancellationToken);
                        await using var db = await services.GetRequiredService<IDbContextFactory<TocsinDbContext>>().CreateDbContextAsync(cancellationToken);
                        return Report(parsed, manifest, await OrganisationTimeZone.ReadAsync(db, TimeProvider.System, cancellationToken), "was restored and checked");
                    });
            }
            catch (BackupRefusedException exception)
            {
                return ExitCodes.Refuse(ExitCodes.Failed, $"{exception.Message} ({exception.Code})");
            }
        });
        return command;
    }

    private static int Report(ParseResult parsed, BackupManifest manifest, IanaTimeZone zone, string outcome)
    {
        CommandOutput.Write(parsed, manifest, answer =>
            [$"The backup of {zone.WallTimeOf(answer.CreatedAt):yyyy-MM-dd HH:mm} ({UtcOffset.Of(zone.WallTimeOf(answer.CreatedAt))}) {outcome}: {answer.Tables.Sum(table => table.Rows)} rows of {answer.Tables.Count} tables, events up to {answer.EventHead}."]);
        return ExitCodes.Success;
    }
}
