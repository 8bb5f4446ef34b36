using System.Text;

namespace Tocsin.Alerting.Channels.Smtp.Inbound;

/// <summary>Encodings that mail still uses. An unknown name is read as UTF-8, where at least ASCII comes out right.</summary>
internal static class Charsets
{
    public static Encoding Find(string name)
    {
        var known = name.Trim().ToLowerInvariant();
        if (known is "utf-8" or "utf8" or "us-ascii" or "ascii")
            return Encoding.UTF8;
        // Mail that says ISO-8859-1 and has octets from 0x80 to 0x9F means Windows-1252, as browsers have long assumed.
        if (known is "iso-8859-1" or "latin1")
            known = "windows-1252";
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(known) ?? Encoding.UTF8;
        }
        catch (ArgumentException)
        {
            return Encoding.UTF8;
        }
    }
}
