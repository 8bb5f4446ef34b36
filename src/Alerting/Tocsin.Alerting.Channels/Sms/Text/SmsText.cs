namespace Tocsin.Alerting.Channels.Sms.Text;

/// <summary>Writes an alert as an SMS.</summary>
/// <remarks>
/// In this order: the exercise mark, what it is and from whom, the title; the body; the answers with their digits; the link. Where that takes more parts than
/// allowed, words give way in this order, and the mark and the link never do: the end of the body, then the answers (the link offers them too), then the end of the title.
/// </remarks>
public static class SmsText
{
    /// <summary>Said where words were left out. Three full stops: the sign "…" is not in the GSM 7-bit alphabet.</summary>
    private const string Cut = "...";

    /// <param name="mostParts">1 to 255: each part is a message that the carrier bills and the phone must join.</param>
    public static string Compose(OutboundMessage message, int mostParts)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentOutOfRangeException.ThrowIfLessThan(mostParts, 1);
        var mark = SmsWording.Mark(message);
        var opening = SmsWording.Heading(message) + PlainPunctuation.OnOneLine(message.Title);
        var body = PlainPunctuation.Of(message.Body).Trim();
        var answers = SmsWording.Answers(message.Answers, message.Language);
        var link = message.AnswerLink?.AbsoluteUri ?? "";

        return Fit(body, shortened => Lines(mark + opening, shortened, answers, link), mostParts)
            ?? Fit("", _ => Lines(mark + opening, "", answers, link), mostParts)
            ?? Fit(opening, shortened => Lines(mark + shortened, "", "", link), mostParts)
            ?? Lines(mark, link);
    }

    /// <summary>What the message will cost.</summary>
    public static SmsMeasure Measure(OutboundMessage message, int mostParts) => SmsMeasure.OfPlain(Compose(message, mostParts));

    private static string Lines(params ReadOnlySpan<string> lines)
    {
        List<string> written = [];
        foreach (var line in lines)
        {
            if (line.Length > 0)
                written.Add(line);
        }

        return string.Join('\n', written);
    }

    /// <summary>The text with as much of <paramref name="whole"/> as fits; null where not even its first words do.</summary>
    private static string? Fit(string whole, Func<string, string> write, int mostParts)
    {
        var text = write(whole);
        if (Fits(text, mostParts))
            return text;

        // Parts never fall as words are added, so the longest beginning that fits is found by halving.
        int shortest = 0, longest = whole.Length;
        while (shortest < longest)
        {
            var middle = (shortest + longest + 1) / 2;
            if (Fits(write(Beginning(whole, middle)), mostParts))
                shortest = middle;
            else
                longest = middle - 1;
        }

        return shortest == 0 ? null : write(Beginning(whole, shortest));
    }

    private static string Beginning(string whole, int length)
    {
        if (length > 0 && char.IsHighSurrogate(whole[length - 1]))
            length--;
        return whole[..length].TrimEnd() + Cut;
    }

    private static bool Fits(string text, int mostParts) =>
        SmsParts.Count(text, Gsm7Alphabet.Holds(text) ? SmsEncoding.Gsm7 : SmsEncoding.Ucs2, out _) <= mostParts;
}
