using System.Text;
using System.Text.Json;
using Tocsin.Rooms;

namespace Tocsin.Server.Cli;

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
