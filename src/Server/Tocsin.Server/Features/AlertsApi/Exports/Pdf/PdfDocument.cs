using System.Globalization;
using System.Text;

namespace Tocsin.Server.Features.AlertsApi.Exports.Pdf;

/// <summary>Pages of A4 with text, lines and filled boxes. Points; the origin is at the top left, as one reads.</summary>
internal sealed class PdfDocument(string title, string language)
{
    public const double Width = 595;
    public const double Height = 842;

    private const string Fonts = "Tocsin.Fonts.";

    private static readonly Lazy<TrueTypeFont> regularFile = new(() => Load("DejaVuSansCondensed.ttf"));
    private static readonly Lazy<TrueTypeFont> boldFile = new(() => Load("DejaVuSansCondensed-Bold.ttf"));

    private readonly List<StringBuilder> pages = [];

    public PdfFont Regular { get; } = new("R", regularFile.Value, isBold: false);

    public PdfFont Bold { get; } = new("B", boldFile.Value, isBold: true);

    public int PageCount => pages.Count;

    public void AddPage() => pages.Add(new StringBuilder());

    /// <param name="y">Of the base line.</param>
    /// <param name="page">From 0; the last page where absent.</param>
    public void Text(PdfFont font, double size, double x, double y, string text, PdfColour colour = default, int? page = null) =>
        Draw(page, $"BT {colour.Operands} rg /{font.Name} {size:0.##} Tf {x:0.##} {Height - y:0.##} Td {font.Encode(text)} Tj ET\n");

    public void TextRight(PdfFont font, double size, double right, double y, string text, PdfColour colour = default, int? page = null) =>
        Text(font, size, right - font.WidthOf(text, size), y, text, colour, page);

    public void Box(double x, double y, double width, double height, PdfColour colour) =>
        Draw(null, $"{colour.Operands} rg {x:0.##} {Height - y - height:0.##} {width:0.##} {height:0.##} re f\n");

    public void Line(double x, double y, double toX, PdfColour colour) =>
        Draw(null, $"{colour.Operands} RG 0.5 w {x:0.##} {Height - y:0.##} m {toX:0.##} {Height - y:0.##} l S\n");

    public byte[] Save(DateTimeOffset now)
    {
        using var file = new PdfFile();
        var tree = file.Reserve();
        var contents = pages.Select(page => file.AddStream(Encoding.ASCII.GetBytes(page.ToString()))).ToList();
        var fonts = $"/R {Regular.WriteTo(file)} 0 R /B {Bold.WriteTo(file)} 0 R";
        var kids = contents.Select(content => file.Add(
            string.Create(CultureInfo.InvariantCulture, $"<< /Type /Page /Parent {tree} 0 R /MediaBox [0 0 {Width} {Height}] /Contents {content} 0 R /Resources << /Font << {fonts} >> >> >>")))
            .ToList();
        file.Put(tree, $"<< /Type /Pages /Count {kids.Count} /Kids [{string.Join(' ', kids.Select(kid => $"{kid} 0 R"))}] >>");
        var catalogue = file.Add($"<< /Type /Catalog /Pages {tree} 0 R /Lang ({language}) /ViewerPreferences << /DisplayDocTitle true >> >>");
        var moment = now.UtcDateTime.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);
        var information = file.Add($"<< /Title {PdfFile.Text(title)} /Producer (Tocsin) /CreationDate (D:{moment}Z) >>");
        return file.Finish(catalogue, information);
    }

    private void Draw(int? page, FormattableString operators) => pages[page ?? pages.Count - 1].Append(operators.ToString(CultureInfo.InvariantCulture));

    private static TrueTypeFont Load(string name)
    {
        using var resource = typeof(PdfDocument).Assembly.GetManifestResourceStream(Fonts + name) ?? throw new InvalidOperationException($"The font {name} is not in the program.");
        var file = new byte[resource.Length];
        resource.ReadExactly(file);
        return new TrueTypeFont(file);
    }
}

/// <summary>0 to 1 each; black by default.</summary>
internal readonly record struct PdfColour(double Red, double Green, double Blue)
{
    public static readonly PdfColour Soft = new(0.36, 0.38, 0.42);
    public static readonly PdfColour Rule = new(0.80, 0.81, 0.83);
    public static readonly PdfColour Alarm = new(0.70, 0.09, 0.11);
    public static readonly PdfColour Exercise = new(0.36, 0.20, 0.60);
    public static readonly PdfColour White = new(1, 1, 1);

    public string Operands => string.Create(CultureInfo.InvariantCulture, $"{Red:0.###} {Green:0.###} {Blue:0.###}");
}
