using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Tocsin.Server.Features.AlertsApi.Exports.Pdf;

/// <summary>Objects of a PDF file, and where each lies.</summary>
/// <remarks>ISO 32000-1, section 7.5: header, numbered objects, the table of their offsets, the trailer that names the catalogue.</remarks>
internal sealed class PdfFile : IDisposable
{
    private readonly MemoryStream output = new();
    private readonly List<long> offsets = [];

    public PdfFile()
    {
        Write("%PDF-1.7\n");

        // Octets above 127 tell tools that this is no text file.
        output.Write([(byte)'%', 0xE2, 0xE3, 0xCF, 0xD3, (byte)'\n']);
    }

    public void Dispose() => output.Dispose();

    /// <summary>Takes a number for an object that is written later: pages and their tree name each other.</summary>
    public int Reserve()
    {
        offsets.Add(0);
        return offsets.Count;
    }

    public int Add(string value)
    {
        var number = Reserve();
        Put(number, value);
        return number;
    }

    public void Put(int number, string value)
    {
        offsets[number - 1] = output.Position;
        Write($"{number} 0 obj\n{value}\nendobj\n");
    }

    public int AddStream(ReadOnlySpan<byte> data, string entries = "")
    {
        using var packed = new MemoryStream();
        using (var deflate = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true)) deflate.Write(data);
        var number = Reserve();
        offsets[number - 1] = output.Position;
        Write($"{number} 0 obj\n<< /Length {packed.Length} /Filter /FlateDecode {entries} >>\nstream\n");
        packed.WriteTo(output);
        Write("\nendstream\nendobj\n");
        return number;
    }

    /// <summary>The whole file. Nothing is added afterwards.</summary>
    public byte[] Finish(int catalogue, int information)
    {
        var table = output.Position;
        Write($"xref\n0 {offsets.Count + 1}\n0000000000 65535 f \n");
        foreach (var offset in offsets) Write($"{offset:D10} 00000 n \n");
        Write($"trailer\n<< /Size {offsets.Count + 1} /Root {catalogue} 0 R /Info {information} 0 R >>\nstartxref\n{table}\n%%EOF\n");
        return output.ToArray();
    }

    /// <summary>A text string (section 7.9.2.2) in UTF-16, written in hexadecimal: no character has to be escaped.</summary>
    public static string Text(string text) => $"<FEFF{Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(text))}>";

    private void Write(FormattableString text) => output.Write(Encoding.ASCII.GetBytes(text.ToString(CultureInfo.InvariantCulture)));

    private void Write(string text) => output.Write(Encoding.ASCII.GetBytes(text));
}
