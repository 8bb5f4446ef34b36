using System.CommandLine;
using Tocsin.Storage.Backup;

namespace Tocsin.Server.Cli;

/// <summary><c>tocsin backup FILE</c>: saves everything while the server runs. Never leaves half an archive under the name asked for.</summary>
internal static class BackupCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "The archive to write; must not exist yet" };
        var command = new Command("backup", "Save the whole database into one archive, while the server runs") { file };
        command.SetAction((parsed, cancellationToken) => OfflineStore.RunAsync(parsed, (services, _) => SaveAsync(parsed, services, Path.GetFullPath(parsed.GetValue(file)!), cancellationToken)));
        return command;
    }

    private static async Task<int> SaveAsync(ParseResult parsed, IServiceProvider services, string file, CancellationToken cancellationToken)
    {
        if (File.Exists(file)) return ExitCodes.Refuse(ExitCodes.Failed, $"{file} exists already: choose another name.");
        var partial = file + ".partial";
        try
        {
            BackupManifest manifest;
            await using (var stream = CreatePrivate(partial))
            {
                manifest = await services.GetRequiredService<BackupWriter>().WriteAsync(stream, cancellationToken);
                stream.Flush(flushToDisk: true);
            }

            await using (var written = File.OpenRead(partial))
                await BackupReader.VerifyAsync(written, cancellationToken);
            File.Move(partial, file);
            CommandOutput.Write(parsed, new { file, manifest }, answer =>
                [$"Saved {answer.manifest.Tables.Sum(table => table.Rows)} rows of {answer.manifest.Tables.Count} tables to {answer.file}, and read it back.",
                 "The archive holds every secret of this installation: keep it as you would keep the server."]);
            return ExitCodes.Success;
        }
        finally
        {
            File.Delete(partial);
        }
    }

    private static FileStream CreatePrivate(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.Read };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }
}
