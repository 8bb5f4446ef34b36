using System.Text;

namespace Tocsin.Alerting.Content;

/// <summary>Why a text with variables can't be read.</summary>
public enum TemplateError
{
    None,

    /// <summary>A '{' that nothing closes.</summary>
    UnclosedBrace,

    /// <summary>A '}' that nothing opened; to write one, double it.</summary>
    UnopenedBrace,

    /// <summary>Between the braces there is no name of 1 to 32 characters of a-z, 0-9 and '-', beginning with a letter.</summary>
    InvalidName,
}

/// <summary>A text with variables: <c>Évacuez {building}.</c> A brace itself is written double: <c>{{</c>, <c>}}</c>.</summary>
public sealed class MessageTemplate
{
    // Alternates: a literal at even places, a variable's name at odd ones.
    private readonly string[] parts;

    private MessageTemplate(string[] parts) => this.parts = parts;

    /// <summary>The names used, each once, in order of appearance.</summary>
    public IEnumerable<string> Variables => parts.Where((_, index) => index % 2 == 1).Distinct(StringComparer.Ordinal);

    /// <param name="errorAt">Where in the text the error begins; 0 where there is none.</param>
    public static bool TryParse(string text, out MessageTemplate template, out TemplateError error, out int errorAt)
    {
        ArgumentNullException.ThrowIfNull(text);
        var pieces = new List<string>();
        var literal = new StringBuilder();
        template = new MessageTemplate([""]);
        error = TemplateError.None;
        errorAt = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            var doubled = i + 1 < text.Length && text[i + 1] == c;
            if (c is not ('{' or '}'))
            {
                literal.Append(c);
            }
            else if (doubled)
            {
                literal.Append(c);
                i++;
            }
            else
            {
                var end = c == '{' ? text.IndexOf('}', i) : -1;
                error = c == '}' ? TemplateError.UnopenedBrace
                    : end < 0 ? TemplateError.UnclosedBrace
                    : !IsName(text.AsSpan(i + 1, end - i - 1)) ? TemplateError.InvalidName
                    : TemplateError.None;
                if (error != TemplateError.None)
                {
                    errorAt = i;
                    return false;
                }

                pieces.Add(literal.ToString());
                pieces.Add(text[(i + 1)..end]);
                literal.Clear();
                i = end;
            }
        }

        pieces.Add(literal.ToString());
        template = new MessageTemplate([.. pieces]);
        return true;
    }

    /// <summary>The text with every variable's value in its place. Values are taken literally: a brace in a value opens nothing.</summary>
    /// <param name="unknownVariable">The first variable that <paramref name="valueOf"/> does not know; null on success.</param>
    public bool TryFill(Func<string, string?> valueOf, out string filled, out string? unknownVariable)
    {
        ArgumentNullException.ThrowIfNull(valueOf);
        var text = new StringBuilder();
        filled = "";
        unknownVariable = null;
        for (var i = 0; i < parts.Length; i++)
        {
            if (i % 2 == 0)
            {
                text.Append(parts[i]);
            }
            else if (valueOf(parts[i]) is { } value)
            {
                text.Append(value);
            }
            else
            {
                unknownVariable = parts[i];
                return false;
            }
        }

        filled = text.ToString();
        return true;
    }

    /// <summary>The template as it was written.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        for (var i = 0; i < parts.Length; i++)
        {
            if (i % 2 == 0)
                text.Append(Escape(parts[i]));
            else
                text.Append('{').Append(parts[i]).Append('}');
        }

        return text.ToString();
    }

    /// <summary>The template of a text that has no variables: its braces doubled.</summary>
    public static string Escape(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal);
    }

    internal static bool IsName(ReadOnlySpan<char> name) =>
        name.Length is > 0 and <= ContentBounds.VariableName
        && char.IsAsciiLetterLower(name[0])
        && Key.HasOnlyKeyCharacters(name);
}
