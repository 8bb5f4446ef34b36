using QRCoder;

namespace Tocsin.Server.Features.Accounts;

/// <summary>QR codes as SVG images, dark on white in both themes: scanners need that.</summary>
internal static class QrCode
{
    private const int PixelsPerModule = 8;

    public static string Svg(string text)
    {
        using var generator = new QRCodeGenerator();
        using var data = generator.CreateQrCode(text, QRCodeGenerator.ECCLevel.M);
        using var code = new SvgQRCode(data);
        return code.GetGraphic(PixelsPerModule, "#000000", "#ffffff", drawQuietZones: true, SvgQRCode.SizingMode.ViewBoxAttribute);
    }
}
