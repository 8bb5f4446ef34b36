using System.Buffers;

namespace Tocsin.Server.Features.AlertsApi.Exports;

/// <summary>Writes lines of a CSV file (RFC 4180) that a spreadsheet opens as text and nothing else.</summary>
internal sealed class CsvText(TextWriter output, char separator)
{
    // A cell that begins so is a formula to spreadsheets: names and answers are written by others, and must not compute.
    private static readonly SearchValues<char> FormulaStarts = SearchValues.Create("=+-@\t\r＝＋－＠");

    private readonly SearchValues<char> quoted = SearchValues.Create([separator, '"', '\r', '\n']);
    private bool isStarted;

    public void Cell(string? text)
    {
        if (isStarted) output.Write(separator);
        isStarted = true;
        if (string.IsNullOrEmpty(text)) return;
        var isFormula = FormulaStarts.Contains(text[0]);
        if (!isFormula && !text.AsSpan().ContainsAny(quoted))
        {
            output.Write(text);
            return;
        }

        output.Write('"');
        if (isFormula) output.Write('\'');
        output.Write(text.Replace("\"", "\"\"", StringComparison.Ordinal));
        output.Write('"');
    }

    public void EndLine()
    {
        output.Write("\r\n");
        isStarted = false;
    }
}
