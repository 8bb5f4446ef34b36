using System.Text;

namespace Tocsin.Alerting.Channels.Smtp.Inbound;

/// <summary>Reads <c>value; name=token; name="quoted"</c> (RFC 2045 section 5.1).</summary>
internal static class FieldParameters
{
    public static string? Find(string field, string name)
    {
        var at = field.IndexOf(';', StringComparison.Ordinal);
        while (at >= 0 && at < field.Length)
        {
            at++;
            var equals = field.IndexOf('=', at);
            if (equals < 0)
                return null;
            var found = field[at..equals].Trim();
            at = equals + 1;
            while (at < field.Length && field[at] == ' ')
                at++;
            var value = at < field.Length && field[at] == '"' ? ReadQuoted(field, ref at) : ReadToken(field, ref at);
            if (found.Equals(name, StringComparison.OrdinalIgnoreCase))
                return value;
            at = field.IndexOf(';', at);
        }
        return null;
    }

    private static string ReadQuoted(string field, ref int at)
    {
        var value = new StringBuilder();
        for (at++; at < field.Length && field[at] != '"'; at++)
        {
            if (field[at] == '\\' && at + 1 < field.Length)
                at++;
            value.Append(field[at]);
        }
        at = Math.Min(at + 1, field.Length);
        return value.ToString();
    }

    private static string ReadToken(string field, ref int at)
    {
        var end = field.AsSpan(at).IndexOfAny(';', ' ', '\t');
        var value = end < 0 ? field[at..] : field[at..(at + end)];
        at += value.Length;
        return value;
    }
}
