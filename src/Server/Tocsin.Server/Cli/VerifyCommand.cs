using System.CommandLine;
using Tocsin.Rooms;

namespace Tocsin.Server.Cli;

/// <summary><c>tocsin verify FILE</c>: whether an archive of a room or a crisis is what its members signed. Needs no server, no database and no network.</summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "An archive that a member's browser exported from a room or a crisis" };
        var extract = new Option<string?>("--extract") { Description = "A new directory to write messages, files and documents into, where the archive is genuine" };
        var command = new Command("verify", "Verify the archive of a room or a crisis: each signature, the order, who was in it, each text and file. Works offline") { file, extract };
        command.SetAction(parsed => Run(parsed, Path.GetFullPath(parsed.GetValue(file)!), parsed.GetValue(extract)));
        return command;
    }

    private static int Run(ParseResult parsed, string path, string? directory)
    {
        if (!File.Exists(path)) return ExitCodes.Refuse(ExitCodes.Failed, $"{path} does not exist.");
        if (directory is not null && (Directory.Exists(directory) || File.Exists(directory))) return ExitCodes.Refuse(ExitCodes.Failed, $"{directory} is there already: name a new directory.");
        try
        {
            using var archive = File.OpenRead(path);
            return IsOfCrisis(archive) ? RunCrisis(parsed, archive, directory) : RunRoom(parsed, archive, directory);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return ExitCodes.Refuse(ExitCodes.Failed, exception.Message);
        }
    }

    private static bool IsOfCrisis(FileStream archive)
    {
        Span<byte> beginning = stackalloc byte[16];
        var length = archive.ReadAtLeast(beginning, beginning.Length, throwOnEndOfStream: false);
        archive.Position = 0;
        return CrisisExport.Begins(beginning[..length]);
    }

    private static int RunRoom(ParseResult parsed, FileStream archive, string? directory)
    {
        var (report, fault) = RoomExport.Verify(archive);
        if (fault is not null) return Refuse(parsed, fault);
        if (directory is not null)
        {
            // Nothing is written before all is proved; what is written then is proved once more.
            archive.Position = 0;
            using var extraction = new RoomExtraction(directory);
            if (RoomExport.Verify(archive, extraction).Fault is { } changed) return Refuse(parsed, changed);
        }

        CommandOutput.Write(parsed, new VerifiedRoom(true, report, null), _ => [.. Describe(report!), .. WrittenTo(directory)]);
        return ExitCodes.Success;
    }

    private static int RunCrisis(ParseResult parsed, FileStream archive, string? directory)
    {
        var (report, fault) = CrisisExport.Verify(archive);
        if (fault is not null) return Refuse(parsed, fault);
        if (directory is not null)
        {
            archive.Position = 0;
            using var extraction = new CrisisExtraction(directory);
            if (CrisisExport.Verify(archive, extraction).Fault is { } changed) return Refuse(parsed, changed);
        }

        CommandOutput.Write(parsed, new VerifiedCrisis(true, report, null), _ => [.. Describe(report!), .. WrittenTo(directory)]);
        return ExitCodes.Success;
    }

    private static int Refuse(ParseResult parsed, RoomExportFault fault)
    {
        if (parsed.GetValue(CommonOptions.Json)) CommandOutput.Write(parsed, new VerifiedRoom(false, null, fault), _ => []);
        return ExitCodes.Refuse(ExitCodes.Failed, $"This archive is not genuine. {fault.Where} ({fault.Code})");
    }

    private static IEnumerable<string> Describe(CrisisExportReport report)
    {
        yield return $"This archive is genuine: a crisis with {report.Rooms.Count} rooms, led by the first.";
        yield return report.RoomsLeftOut.Count == 0
            ? "All cells that the leading room names are in it."
            : $"Named as cells by the leading room, and not in it: {string.Join(", ", report.RoomsLeftOut)}.";
        yield return $"Exported {report.ExportedAt:yyyy-MM-dd HH:mm:ss} UTC, as that device's clock had it, by {report.ExportedBy} with the device {report.Device}.";
        foreach (var document in report.Documents) yield return $"Document {document.Name}, {document.Bytes} bytes: as the exporter got it from the server, which nobody of the crisis has signed.";
        foreach (var room in report.Rooms)
        {
            yield return "";
            foreach (var line in Describe(room)) yield return line;
        }
    }

    private static IEnumerable<string> Describe(RoomExportReport report)
    {
        yield return $"This archive is genuine: {report.Entries} entries of the room {report.Room}, in their order, each signed by a member's device.";
        yield return $"Members at the end: {report.Members.Count}. {string.Join(", ", report.Members)}";
        yield return report.Closed == 0
            ? $"All {report.Opened} contents open, and are those that were signed."
            : $"{report.Opened} contents open, and are those that were signed; {report.Closed} are of eras whose key is not in the archive.";
        yield return report.FilesLeftOut == 0
            ? $"{report.Files} files, {report.FileBytes} bytes: those that were signed."
            : $"{report.Files} files, {report.FileBytes} bytes: those that were signed. {report.FilesLeftOut} more are not in the archive.";
        yield return $"Exported {report.ExportedAt:yyyy-MM-dd HH:mm:ss} UTC, as that device's clock had it, by {report.ExportedBy} with the device {report.Device}.";
        yield return $"Hash of the room up to there: {report.HeadHash}. A member's device has the same, unless entries after it were left out.";
    }

    private static string[] WrittenTo(string? directory) => directory is null ? [] : [$"What is in it was written to {directory}."];

    private sealed record VerifiedRoom(bool Genuine, RoomExportReport? Report, RoomExportFault? Fault);

    private sealed record VerifiedCrisis(bool Genuine, CrisisExportReport? Report, RoomExportFault? Fault);
}
