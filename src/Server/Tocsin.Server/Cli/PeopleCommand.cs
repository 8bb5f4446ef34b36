using System.CommandLine;
using Tocsin.Server.Features.Directory;
using Tocsin.Server.Features.Import;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Directory;
using Microsoft.EntityFrameworkCore;
using Tocsin.Storage;

namespace Tocsin.Server.Cli;

/// <summary><c>tocsin people import FILE</c>: previews, and with <c>--apply</c> applies, on the database itself. Safe beside a running server.</summary>
/// <remarks>Exit code 0 even where single lines are refused: they are counted in the answer. 1 where the file, or applying it, is refused.</remarks>
internal static class PeopleCommand
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    public static Command Create() => new("people", "Manage the directory") { CreateImport() };

    private static Command CreateImport()
    {
        var file = new Argument<string>("FILE") { Description = "CSV file with a heading line, in French or English" };
        var apply = new Option<bool>("--apply") { Description = "Change the directory; without it, only say what would change" };
        var fullList = new Option<bool>("--full-list") { Description = "The file lists everyone: take out imported people whom it does not name" };
        var confirm = new Option<int?>("--confirm-removals") { Description = "How many people may be taken out, where it is more than a tenth" };
        var command = new Command("import", "Import people from a CSV file") { file, apply, fullList, confirm };
        command.SetAction((parsed, cancellationToken) => OfflineStore.RunAsync(parsed, (services, _) => ImportAsync(
            parsed, services, parsed.GetValue(file)!, parsed.GetValue(apply), parsed.GetValue(fullList), parsed.GetValue(confirm), cancellationToken)));
        return command;
    }

    private static async Task<int> ImportAsync(
        ParseResult parsed, IServiceProvider services, string path, bool apply, bool fullList, int? confirmedRemovals, CancellationToken cancellationToken)
    {
        var imports = new PeopleImports(services.GetRequiredService<CommandStore>(), services.GetRequiredService<IDbContextFactory<TocsinDbContext>>(), services.GetRequiredService<TimeProvider>());
        try
        {
            await services.GetRequiredService<Storage.Schema.SchemaMigrator>().ApplyAsync(cancellationToken);
            await using var file = File.OpenRead(path);
            var options = new ImportOptions(Path.GetFileName(path), fullList, ImportOptions.UsualMostRemovedPercent, ContactAddress.UsualCountry);
            var import = await imports.PreviewAsync(new PeopleImportId(Guid.CreateVersion7()), file, options, AuditActor.System, cancellationToken);
            if (apply)
            {
                var answer = await imports.RequestAsync(import.Id, confirmedRemovals, AuditActor.System, cancellationToken);
                if (answer.Refusal is { } refusal) return ExitCodes.Refuse(ExitCodes.Failed, $"{refusal.Code}: {refusal.Title} ({import.Removed} people; --confirm-removals {import.Removed})");
                import = await AppliedAsync(imports, import.Id, services, cancellationToken);
            }

            CommandOutput.Write(parsed, ImportView.Of(import, null), view =>
                [$"{(view.State == PeopleImportState.Applied ? "Applied" : "Preview")}: {view.Added} added, {view.Changed} changed, {view.Unchanged} unchanged, {view.Removed} removed, {view.Refused} refused.",
                 .. view.State == PeopleImportState.Ready ? ["Nothing was changed. Repeat with --apply to apply it."] : Array.Empty<string>()]);
            return import.State == PeopleImportState.Failed ? ExitCodes.Refuse(ExitCodes.Failed, import.ErrorCode ?? "failed") : ExitCodes.Success;
        }
        catch (ImportRefusedException refused)
        {
            return ExitCodes.Refuse(ExitCodes.Failed, $"{refused.Code}{(refused.Line is { } line ? $" at line {line}" : "")}: the file cannot be imported.");
        }
        catch (FileNotFoundException)
        {
            return ExitCodes.Refuse(ExitCodes.Failed, $"{path} does not exist.");
        }
    }

    /// <summary>Applies the import, or waits until a running server has, which may have seen it first.</summary>
    private static async Task<PeopleImport> AppliedAsync(PeopleImports imports, PeopleImportId id, IServiceProvider services, CancellationToken cancellationToken)
    {
        while (true)
        {
            await imports.ApplyAsync(id, cancellationToken);
            await using var db = await services.GetRequiredService<IDbContextFactory<TocsinDbContext>>().CreateDbContextAsync(cancellationToken);
            var import = await db.Set<PeopleImport>().AsNoTracking().FirstAsync(i => i.Id == id, cancellationToken);
            if (import.State != PeopleImportState.Applying) return import;
            await Task.Delay(LookEvery, services.GetRequiredService<TimeProvider>(), cancellationToken);
        }
    }
}
