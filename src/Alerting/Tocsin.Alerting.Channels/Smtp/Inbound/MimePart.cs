using System.Text;

namespace Tocsin.Alerting.Channels.Smtp.Inbound;

/// <summary>A message or a part of one, as far as we need to understand it: header fields, decoded body, parts.</summary>
/// <remarks>
/// RFC 5322 and RFC 2045 to 2046, read leniently and in bounds: <c>Read</c> always gives a part and never throws. It is about as large as its input.
/// </remarks>
internal sealed class MimePart
{
    private const int MaximumDepth = 8;
    private const int MaximumParts = 64;
    private const int MaximumFields = 256;
    private const int MaximumFieldLength = 16 * 1024;

    private readonly List<(string Name, string Value)> fields = [];

    private MimePart()
    {
    }

    /// <summary>In lower case, <c>text/plain</c> where nothing is said.</summary>
    public string MediaType { get; private set; } = "text/plain";

    public IReadOnlyList<MimePart> Parts { get; private set; } = [];

    private ReadOnlyMemory<byte> Body { get; set; }

    public static MimePart Read(ReadOnlyMemory<byte> message)
    {
        var budget = MaximumParts;
        return Read(message, depth: 0, ref budget);
    }

    /// <summary>The first field of that name, unfolded; null where there is none.</summary>
    public string? Field(string name) => fields.FirstOrDefault(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    /// <summary>A parameter of a field such as <c>Content-Type</c>; null where there is none.</summary>
    public string? Parameter(string field, string name) => Field(field) is { } value ? FieldParameters.Find(value, name) : null;

    /// <summary>This part and all below it, in the order in which they are written.</summary>
    public IEnumerable<MimePart> Walk() => Parts.SelectMany(part => part.Walk()).Prepend(this);

    /// <summary>The body with its transfer encoding undone.</summary>
    public byte[] Decode() => Field("Content-Transfer-Encoding")?.Trim().ToLowerInvariant() switch
    {
        "base64" => DecodeBase64(Body.Span),
        "quoted-printable" => QuotedPrintable.Decode(Body.Span),
        _ => Body.ToArray(),
    };

    public string DecodeText()
    {
        var charset = Parameter("Content-Type", "charset") ?? "utf-8";
        return Charsets.Find(charset).GetString(Decode());
    }

    private static MimePart Read(ReadOnlyMemory<byte> octets, int depth, ref int budget)
    {
        var part = new MimePart();
        var bodyStart = part.ReadFields(octets.Span);
        part.Body = octets[bodyStart..];
        var type = part.Field("Content-Type");
        if (type is not null)
        {
            var end = type.IndexOf(';', StringComparison.Ordinal);
            var named = (end < 0 ? type : type[..end]).Trim().ToLowerInvariant();
            if (named.Contains('/', StringComparison.Ordinal))
                part.MediaType = named;
        }
        if (part.MediaType.StartsWith("multipart/", StringComparison.Ordinal) && depth < MaximumDepth && part.Parameter("Content-Type", "boundary") is { Length: > 0 and <= 70 } boundary)
            part.ReadParts(boundary, depth, ref budget);
        return part;
    }

    /// <returns>Where the body begins.</returns>
    private int ReadFields(ReadOnlySpan<byte> octets)
    {
        var at = 0;
        var current = new StringBuilder();
        while (at < octets.Length)
        {
            var end = octets[at..].IndexOf((byte)'\n');
            var next = end < 0 ? octets.Length : at + end + 1;
            var line = octets[at..(end < 0 ? octets.Length : at + end)];
            if (line.Length > 0 && line[^1] == '\r')
                line = line[..^1];
            at = next;
            if (line.IsEmpty)
                break;
            if (line[0] is not ((byte)' ' or (byte)'\t'))
                Keep(current);
            if (current.Length < MaximumFieldLength)
                current.Append(Encoding.UTF8.GetString(line.Length > MaximumFieldLength ? line[..MaximumFieldLength] : line));
        }
        Keep(current);
        return at;
    }

    private void Keep(StringBuilder line)
    {
        var text = line.ToString();
        line.Clear();
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon > 0 && fields.Count < MaximumFields)
            fields.Add((text[..colon].Trim(), text[(colon + 1)..].Trim()));
    }

    private void ReadParts(string boundary, int depth, ref int budget)
    {
        var parts = new List<MimePart>();
        var delimiter = Encoding.UTF8.GetBytes($"--{boundary}");
        var octets = Body.Span;
        var partStart = -1;
        var at = 0;
        while (at < octets.Length && budget > 0)
        {
            var end = octets[at..].IndexOf((byte)'\n');
            var next = end < 0 ? octets.Length : at + end + 1;
            if (IsDelimiter(octets[at..next], delimiter))
            {
                if (partStart >= 0)
                {
                    budget--;
                    parts.Add(Read(Body[partStart..EndBefore(octets, partStart, at)], depth + 1, ref budget));
                }
                partStart = next;
                if (octets[(at + delimiter.Length)..next].StartsWith("--"u8))
                {
                    partStart = -1;
                    break;
                }
            }
            at = next;
        }
        // A message that was cut has no closing delimiter; what is there still counts.
        if (partStart >= 0 && budget > 0)
            parts.Add(Read(Body[partStart..], depth + 1, ref budget));
        Parts = parts;
    }

    /// <summary>The boundary of an inner multipart may begin with that of the outer.</summary>
    private static bool IsDelimiter(ReadOnlySpan<byte> line, ReadOnlySpan<byte> delimiter)
    {
        if (!line.StartsWith(delimiter))
            return false;
        var rest = line[delimiter.Length..];
        return rest.IsEmpty || rest.StartsWith("--"u8) || rest[0] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n';
    }

    /// <summary>The line end before a delimiter belongs to the delimiter (RFC 2046 section 5.1.1).</summary>
    private static int EndBefore(ReadOnlySpan<byte> octets, int start, int delimiter)
    {
        var end = delimiter;
        if (end > start && octets[end - 1] == '\n')
            end--;
        if (end > start && octets[end - 1] == '\r')
            end--;
        return end;
    }

    private static byte[] DecodeBase64(ReadOnlySpan<byte> text)
    {
        // Only the alphabet counts (RFC 2045 section 6.8), and what stands after padding or is left over at the end is dropped.
        var clean = new byte[text.Length];
        var length = 0;
        foreach (var octet in text)
        {
            if (octet == '=')
                break;
            if (char.IsAsciiLetterOrDigit((char)octet) || octet is (byte)'+' or (byte)'/')
                clean[length++] = octet;
        }
        if (length % 4 == 1)
            length--;
        var padded = Encoding.ASCII.GetString(clean, 0, length).PadRight((length + 3) / 4 * 4, '=');
        return Convert.FromBase64String(padded);
    }
}
