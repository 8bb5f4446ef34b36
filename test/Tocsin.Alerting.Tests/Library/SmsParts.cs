using System.Text;

namespace Tocsin.Alerting.Tests.Library;

/// <summary>How many SMS parts a text takes as it stands (3GPP TS 23.038 section 6.2.1), counted here independently of the channel that sends it.</summary>
internal static class SmsParts
{
    private const string Basic =
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

    private const string Extension = "^{}\\[~]|€\f";

    public static int Of(string text)
    {
        // Typographic signs leave as the plain ones that every telephone has.
        var plain = new StringBuilder(text)
            .Replace('\u00A0', ' ').Replace('\u202F', ' ').Replace('’', '\'').Replace('«', '"').Replace('»', '"').ToString();
        if (plain.Any(c => !Basic.Contains(c) && !Extension.Contains(c)))
            return plain.Length <= 70 ? 1 : (plain.Length + 66) / 67;
        var septets = plain.Sum(c => Extension.Contains(c) ? 2 : 1);
        return septets <= 160 ? 1 : (septets + 152) / 153;
    }
}
