using System.Text;

namespace Tocsin.Server.Features.Import;

/// <summary>Reads comma-separated values as RFC 4180 has them, with any delimiter and either line end, in bounded memory.</summary>
/// <remarks>Strict about quotes: a quote that is never closed would swallow the rest of the file in silence, so it is refused with the line on which it opened.</remarks>
internal sealed class CsvRecords(TextReader reader, char delimiter, int longestField, int mostFields)
{
    private readonly char[] buffer = new char[16 * 1024];
    private readonly StringBuilder field = new();
    private int position;
    private int length;
    private int line = 1;

    /// <summary>The line on which the last record began, from 1.</summary>
    public int Line { get; private set; }

    /// <summary>The next record; null at the end. Empty lines are left out.</summary>
    /// <exception cref="ImportRefusedException">The file cannot be read further.</exception>
    public List<string>? Read()
    {
        while (Peek() >= 0)
        {
            Line = line;
            var record = ReadRecord();
            if (record.Count > 1 || record[0].Length > 0) return record;
        }

        return null;
    }

    private List<string> ReadRecord()
    {
        var record = new List<string>();
        while (true)
        {
            if (record.Count == mostFields) throw new ImportRefusedException("columns-too-many", Line);
            record.Add(Peek() == '"' ? ReadQuoted() : ReadPlain());
            var next = Next();
            if (next == delimiter) continue;
            if (next == '\r' && Peek() == '\n') Next();
            line++;
            return record;
        }
    }

    private string ReadPlain()
    {
        field.Clear();
        while (Peek() is var c && c >= 0 && c != delimiter && c is not ('\r' or '\n')) Append((char)Next());
        return field.ToString();
    }

    private string ReadQuoted()
    {
        var opened = line;
        field.Clear();
        Next();
        while (true)
        {
            var c = Next();
            if (c < 0) throw new ImportRefusedException("quote-not-closed", opened);
            if (c == '"')
            {
                if (Peek() != '"') break;
                Next();
            }
            else if (c == '\n' || (c == '\r' && Peek() != '\n'))
            {
                line++;
            }

            Append((char)c);
        }

        return Peek() is var after && (after < 0 || after == delimiter || after is '\r' or '\n')
            ? field.ToString()
            : throw new ImportRefusedException("quote-misplaced", line);
    }

    private void Append(char c)
    {
        if (field.Length == longestField) throw new ImportRefusedException("field-too-long", Line);
        field.Append(c);
    }

    private int Peek()
    {
        if (position < length) return buffer[position];
        length = reader.Read(buffer, 0, buffer.Length);
        position = 0;
        return length == 0 ? -1 : buffer[0];
    }

    private int Next()
    {
        var c = Peek();
        if (c >= 0) position++;
        return c;
    }
}

/// <summary>The file cannot be imported at all. <see cref="Code"/> is stable.</summary>
internal sealed class ImportRefusedException(string code, int? line = null) : Exception(code)
{
    public string Code { get; } = code;

    /// <summary>From 1; null where no line is to blame.</summary>
    public int? Line { get; } = line;
}
