using System.CommandLine;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting.Time;
using Tocsin.Server.Features.Settings;
using Tocsin.Server.Hosting;
using Tocsin.Storage;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Schema;

namespace Tocsin.Server.Cli;

/// <summary><c>tocsin doctor</c>: looks at the installation and says what to mend. Changes nothing.</summary>
internal static class DoctorCommand
{
    // Below this an alert of 100,000 recipients with its history may not fit.
    private const long NeededFreeBytes = 1L << 30;

    public static Command Create()
    {
        var command = new Command("doctor", "Look at the installation and say what to mend");
        command.SetAction((parsed, cancellationToken) => OfflineStore.RunAsync(parsed, async (services, options) =>
        {
            List<Finding> findings = [FreeSpace(options), WebClientBuilt(options), Clock(), .. await DatabaseAsync(services, cancellationToken)];
            CommandOutput.Write(parsed, findings, all => all.Select(f => $"{(f.Ok ? "ok  " : "MEND")}  {f.Check}: {f.Says}"));
            return findings.TrueForAll(f => f.Ok) ? ExitCodes.Success : ExitCodes.Failed;
        }));
        return command;
    }

    private static Finding FreeSpace(TocsinOptions options)
    {
        var directory = new DirectoryInfo(Path.GetFullPath(options.Data));
        while (!directory.Exists && directory.Parent is { } parent) directory = parent;
        var drive = new DriveInfo(directory.FullName);
        var free = drive.AvailableFreeSpace;
        return new Finding("disk", free >= NeededFreeBytes, $"{free >> 20} MiB free for {Path.GetFullPath(options.Data)} (1,024 wanted)");
    }

    private static Finding WebClientBuilt(TocsinOptions options)
    {
        var index = Path.Combine(Path.GetFullPath(options.WebRoot ?? Path.Combine(AppContext.BaseDirectory, "web")), "index.html");
        return new Finding("web client", File.Exists(index), File.Exists(index) ? "present" : $"{index} is missing: people would see no pages");
    }

    private static Finding Clock()
    {
        // A machine that lost its clock says 1970 or the year of its firmware: alerts would carry wrong times and certificates fail.
        var now = TimeProvider.System.GetUtcNow();
        return new Finding("clock", now.Year is >= 2026 and < 2100, $"{now:yyyy-MM-dd HH:mm:ss} UTC");
    }

    private static async Task<List<Finding>> DatabaseAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var contexts = services.GetRequiredService<IDbContextFactory<TocsinDbContext>>();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var known = SchemaMigrator.CurrentVersion(db.Kind);
        if (!await db.Database.CanConnectAsync(cancellationToken)) return [new Finding("database", db.Kind == DatabaseKind.Sqlite, db.Kind == DatabaseKind.Sqlite ? "none yet: the first start makes it" : "cannot be reached")];
        var version = await SchemaVersionAsync(db, cancellationToken);
        if (version is null) return [new Finding("database", true, "empty: the first start makes the schema")];
        var broken = version == known ? await AuditChain.FindBreakAsync(contexts, cancellationToken) : null;
        return
        [
            new Finding("database", version <= known, version <= known ? $"schema {version} of {known}" : $"made by a newer version (schema {version}, this program knows {known})"),
            .. version == known ? await ZoneAsync(db, cancellationToken) : [],
            new Finding("audit trail", broken is null, broken is null ? "whole" : $"broken at record {broken}: somebody changed the table by hand"),
        ];
    }

    /// <summary>What the mails of now would say: an administrator sees at once where it is wrong.</summary>
    private static async Task<IEnumerable<Finding>> ZoneAsync(TocsinDbContext db, CancellationToken cancellationToken)
    {
        var zone = await OrganisationTimeZone.ReadAsync(db, TimeProvider.System, cancellationToken);
        var wall = zone.WallTimeOf(TimeProvider.System.GetUtcNow());
        return [new Finding("time zone", true, $"{zone.Id}: it is {wall:yyyy-MM-dd HH:mm} ({UtcOffset.Of(wall)})")];
    }

    private static async Task<int?> SchemaVersionAsync(TocsinDbContext db, CancellationToken cancellationToken)
    {
        var exists = db.Kind == DatabaseKind.Sqlite
            ? await db.Database.SqlQuery<long>($"SELECT COUNT(*) AS \"Value\" FROM sqlite_master WHERE name = 'schema_migrations'").SingleAsync(cancellationToken)
            : await db.Database.SqlQuery<long>($"SELECT COUNT(*) AS \"Value\" FROM information_schema.tables WHERE table_name = 'schema_migrations'").SingleAsync(cancellationToken);
        return exists == 0 ? null : await db.Database.SqlQuery<int?>($"SELECT MAX(version) AS \"Value\" FROM schema_migrations").SingleAsync(cancellationToken);
    }

    private sealed record Finding(string Check, bool Ok, string Says);
}
