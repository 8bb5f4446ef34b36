using System.CommandLine;
using System.Text;
using System.Text.Json;
using Tocsin.Rooms;

namespace Tocsin.Server.Cli;

/// <summary><c>tocsin verify FILE</c>: whether an archive of a room is what its members signed. Needs no server, no database and no network.</summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "An archive that a member's browser exported from a room" };
        var extract = new Option<string?>("--extract") { Description = "A new directory to write messages and files into, where the archive is genuine" };
        var command = new Command("verify", "Verify the archive of a room: each signature, the order, who was in it, each text and file. Works offline") { file, extract };
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
            var (report, fault) = RoomExport.Verify(archive);
            if (fault is not null) return Refuse(parsed, fault);
            if (directory is not null)
            {
                // Nothing is written before all is proved; what is written then is proved once more.
                archive.Position = 0;
                using var extraction = new RoomExtraction(directory);
                if (RoomExport.Verify(archive, extraction).Fault is { } changed) return Refuse(parsed, changed);
            }

            CommandOutput.Write(parsed, new Verified(true, report, null), _ => Describe(report!, directory));
            return ExitCodes.Success;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return ExitCodes.Refuse(ExitCodes.Failed, exception.Message);
        }
    }

    private static int Refuse(ParseResult parsed, RoomExportFault fault)
    {
        if (parsed.GetValue(CommonOptions.Json)) CommandOutput.Write(parsed, new Verified(false, null, fault), _ => []);
        return ExitCodes.Refuse(ExitCodes.Failed, $"This archive is not genuine. {fault.Where} ({fault.Code})");
    }

    private static IEnumerable<string> Describe(RoomExportReport report, string? directory)
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
        if (directory is not null) yield return $"Messages and files were written to {directory}.";
    }

    private sealed record Verified(bool Genuine, RoomExportReport? Report, RoomExportFault? Fault);
}

/// <summary>Writes what an archive holds into a new directory: <c>messages.jsonl</c>, and the files under names without folders.</summary>
internal sealed class RoomExtraction : IRoomExportReader, IDisposable
{
    private const int LongestName = 100;

    private readonly string directory;
    private readonly StreamWriter messages;
    private FileStream? current;

    public RoomExtraction(string directory)
    {
        this.directory = directory;
        Directory.CreateDirectory(Path.Combine(directory, "files"));
        messages = new StreamWriter(Path.Combine(directory, "messages.jsonl"), append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
    }

    /// <summary>Bytes that are no JSON stand as base64.</summary>
    public void TakeContent(long seq, DateTimeOffset at, Guid account, ReadOnlySpan<byte> content, bool isOpen)
    {
        using var line = new MemoryStream();
        using (var writer = new Utf8JsonWriter(line))
        {
            writer.WriteStartObject();
            writer.WriteNumber("seq", seq);
            writer.WriteString("at", at);
            writer.WriteString("account", account);
            if (isOpen && IsJson(content))
            {
                writer.WritePropertyName("content");
                writer.WriteRawValue(content, skipInputValidation: true);
            }
            else if (isOpen)
            {
                writer.WriteBase64String("unreadable", content);
            }

            writer.WriteEndObject();
        }

        messages.WriteLine(Encoding.UTF8.GetString(line.ToArray()).ReplaceLineEndings(" "));
    }

    public void TakeFile(SharedFile file)
    {
        current?.Dispose();
        current = new FileStream(Path.Combine(directory, "files", $"{file.Id:N}-{SafeName(file.Name)}"), FileMode.CreateNew);
    }

    public void TakePart(ReadOnlySpan<byte> part) => current!.Write(part);

    public void Dispose()
    {
        current?.Dispose();
        messages.Dispose();
    }

    private static bool IsJson(ReadOnlySpan<byte> content)
    {
        var reader = new Utf8JsonReader(content);
        try
        {
            return JsonDocument.TryParseValue(ref reader, out var document) && Release(document) && reader.BytesConsumed == content.Length;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool Release(JsonDocument document)
    {
        document.Dispose();
        return true;
    }

    /// <summary>Of the ending, as that says what it is: letters, digits and a few signs that no disk or shell takes for anything else.</summary>
    private static string SafeName(string name)
    {
        var safe = string.Concat(name.Select(letter => char.IsLetterOrDigit(letter) || letter is '.' or '-' or '_' or ' ' ? letter : '_')).Trim('.', ' ');
        return safe.Length <= LongestName ? safe : safe[^LongestName..];
    }
}
