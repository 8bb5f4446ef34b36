using System.Text;

namespace Tocsin.Server.Features.Import;

/// <summary>An uploaded file, on disk while it is read: bounded, and known to be UTF-8 or Windows-1252 throughout.</summary>
internal sealed class ImportFile : IDisposable
{
    public const long LargestBytes = 64 * 1024 * 1024;

    private const int LongestField = 1_000;
    private const int MostFields = 200;

    private static readonly char[] Delimiters = [';', ',', '\t'];

    private readonly FileStream stream;

    private ImportFile(FileStream stream, string encoding) => (this.stream, EncodingName) = (stream, encoding);

    /// <summary><c>utf-8</c> or <c>windows-1252</c>.</summary>
    public string EncodingName { get; }

    /// <summary>Copies <paramref name="source"/> to a temporary file that nobody else can read and that goes when closed.</summary>
    /// <exception cref="ImportRefusedException">Too large, or empty.</exception>
    public static async Task<ImportFile> SpoolAsync(Stream source, CancellationToken cancellationToken)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var file = new FileStream(Path.Combine(Path.GetTempPath(), $"tocsin-import-{Guid.NewGuid():N}.csv"), options);
        try
        {
            var isUtf8 = await CopyAsync(source, file, cancellationToken);
            if (file.Length == 0) throw new ImportRefusedException("file-empty");
            return new ImportFile(file, isUtf8 ? "utf-8" : "windows-1252");
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    /// <summary>Its records from the first line on, with the delimiter that the first line has most of.</summary>
    public CsvRecords Open()
    {
        stream.Position = 0;
        var encoding = EncodingName == "utf-8" ? Encoding.UTF8 : CodePagesEncodingProvider.Instance.GetEncoding(1252)!;
        var reader = new StreamReader(stream, encoding, detectEncodingFromByteOrderMarks: true, bufferSize: 64 * 1024, leaveOpen: true);
        var head = new char[4096];
        var read = reader.ReadBlock(head, 0, head.Length);
        var firstLine = new string(head, 0, read).Split('\n')[0];
        stream.Position = 0;
        reader.DiscardBufferedData();
        return new CsvRecords(reader, Delimiters.MaxBy(delimiter => firstLine.Count(c => c == delimiter)), LongestField, MostFields);
    }

    public void Dispose() => stream.Dispose();

    /// <returns>Whether all of it is UTF-8.</returns>
    private static async Task<bool> CopyAsync(Stream source, FileStream file, CancellationToken cancellationToken)
    {
        var strict = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetDecoder();
        var (isUtf8, bytes, chars) = (true, new byte[64 * 1024], new char[64 * 1024 + 16]);
        for (int read; (read = await source.ReadAsync(bytes, cancellationToken)) > 0;)
        {
            if (file.Length + read > LargestBytes) throw new ImportRefusedException("file-too-large");
            await file.WriteAsync(bytes.AsMemory(0, read), cancellationToken);
            isUtf8 = isUtf8 && TryDecode(strict, bytes.AsSpan(0, read), chars, flush: false);
        }

        return isUtf8 && TryDecode(strict, [], chars, flush: true);
    }

    private static bool TryDecode(Decoder decoder, ReadOnlySpan<byte> bytes, char[] chars, bool flush)
    {
        try
        {
            decoder.GetChars(bytes, chars, flush);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
