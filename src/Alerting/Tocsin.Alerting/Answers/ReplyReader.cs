using Tocsin.Alerting.Content;

namespace Tocsin.Alerting.Answers;

/// <summary>Understands replies in free text (SMS, mail) to one alert. Made once for the alert's answers; any number of threads may ask.</summary>
/// <remarks>
/// <para>In order: a digit that stands first ("1", "1.", "1 - merci") is the answer of that number. Otherwise labels in both languages and usual words
/// for the standard meanings are looked for anywhere, the longest first. Otherwise bare assent ("ok", "oui") is "safe" if that is offered, else
/// "coming"; bare refusal is "not available" unless safety was asked, when "no" may mean danger.</para>
/// <para>In doubt it does not guess: two answers, or a negation beside one ("je ne suis pas en sécurité"), leave the reply to a person. A wrong "safe" is
/// the one mistake that must not happen.</para>
/// </remarks>
public sealed class ReplyReader
{
    private readonly IReadOnlyList<AnswerChoice> offered;
    private readonly Dictionary<string, string> keyOfPhrase = new(StringComparer.Ordinal);
    private readonly int longestPhrase;

    public ReplyReader(IReadOnlyList<AnswerChoice> offered)
    {
        ArgumentNullException.ThrowIfNull(offered);
        this.offered = offered;

        // What the organisation wrote on the buttons comes before our own words for a meaning.
        foreach (var choice in offered)
        {
            Learn(choice.Label.Fr, choice.Key);
            Learn(choice.Label.En, choice.Key);
        }

        foreach (var choice in offered)
        {
            foreach (var phrase in AnswerVocabulary.PhrasesOf(choice.Meaning))
                Learn(phrase, choice.Key);
        }

        longestPhrase = keyOfPhrase.Count == 0 ? 0 : keyOfPhrase.Keys.Max(phrase => phrase.Count(c => c == ' ') + 1);
    }

    public AnswerReading Read(string reply)
    {
        ArgumentNullException.ThrowIfNull(reply);
        var own = ReplyText.WithoutQuotation(reply);
        var words = ReplyText.Fold(own).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0)
            return AnswerReading.Unknown.Instance;
        return ReadDigit(own, words) ?? ReadPhrases(words) ?? ReadAssent(words);
    }

    private void Learn(string? phrase, string key)
    {
        if (phrase is not null && ReplyText.Fold(phrase) is { Length: > 0 } folded)
            keyOfPhrase.TryAdd(folded, key);
    }

    /// <summary>A reply that begins with the number of an answer; null where it does not begin with a digit.</summary>
    private AnswerReading? ReadDigit(string own, string[] words)
    {
        if (!char.IsAsciiDigit(words[0][0]))
            return null;
        if (words[0].Length != 1 || !TryNumber(words[0], out var number))
            return AnswerReading.Unknown.Instance;
        var rest = FindPhrases(words.AsSpan(1));
        AddOnce(rest.Keys, offered[number].Key);
        foreach (var word in rest.Others)
        {
            if (TryNumber(word, out var other))
                AddOnce(rest.Keys, offered[other].Key);
        }

        if (rest.Keys.Count > 1)
            return new AnswerReading.Ambiguous(rest.Keys);

        // "1." and "1 - at home" name the answer. "1 dead" counts people: only politeness may follow a bare digit.
        var isPlain = IsSetOff(own) || rest.Others.TrueForAll(AnswerVocabulary.Courtesy.Contains);
        return isPlain && !rest.IsNegated ? new AnswerReading.Chosen(offered[number].Key) : AnswerReading.Unknown.Instance;
    }

    private AnswerReading? ReadPhrases(string[] words)
    {
        var found = FindPhrases(words);
        return found.Keys.Count switch
        {
            0 => null,
            1 => found.IsNegated ? AnswerReading.Unknown.Instance : new AnswerReading.Chosen(found.Keys[0]),
            _ => new AnswerReading.Ambiguous(found.Keys),
        };
    }

    /// <summary>Whether something other than a word follows the first character: the end, a new line, a full stop, a bracket, a dash.</summary>
    private static bool IsSetOff(string own)
    {
        var text = own.AsSpan().Trim();
        var rest = text[(text.IndexOfAnyInRange('0', '9') + 1)..].TrimStart(" \t\u00A0\u202F");
        return rest.IsEmpty || !char.IsLetterOrDigit(rest[0]);
    }

    private bool TryNumber(string word, out int index)
    {
        index = word is [>= '1' and <= '9'] ? word[0] - '1' : -1;
        return index >= 0 && index < offered.Count;
    }

    private Found FindPhrases(ReadOnlySpan<string> words)
    {
        var found = new Found([], []);
        for (var i = 0; i < words.Length;)
        {
            var length = LongestPhraseAt(words[i..], out var key);
            if (length > 0)
                AddOnce(found.Keys, key);
            else
                found.Others.Add(words[i]);
            i += Math.Max(1, length);
        }

        return found;
    }

    private int LongestPhraseAt(ReadOnlySpan<string> words, out string key)
    {
        for (var length = Math.Min(longestPhrase, words.Length); length > 0; length--)
        {
            if (keyOfPhrase.TryGetValue(string.Join(' ', words[..length]), out key!))
                return length;
        }

        key = "";
        return 0;
    }

    private AnswerReading ReadAssent(string[] words)
    {
        var reply = string.Join(' ', words);
        if (AnswerVocabulary.Assent.Any(word => Begins(reply, word)) && !words.Any(AnswerVocabulary.Negations.Contains))
            return Choose(AnswerMeaning.Safe, AnswerMeaning.Coming);
        if (AnswerVocabulary.Refusal.Contains(reply) && offered.All(choice => choice.Meaning != AnswerMeaning.Safe))
            return Choose(AnswerMeaning.NotAvailable);
        return AnswerReading.Unknown.Instance;
    }

    /// <summary>The first answer offered that has the first of these meanings that is offered at all.</summary>
    private AnswerReading Choose(params ReadOnlySpan<AnswerMeaning> meanings)
    {
        foreach (var meaning in meanings)
        {
            if (offered.FirstOrDefault(choice => choice.Meaning == meaning) is { } choice)
                return new AnswerReading.Chosen(choice.Key);
        }

        return AnswerReading.Unknown.Instance;
    }

    private static bool Begins(string reply, string phrase) =>
        reply.StartsWith(phrase, StringComparison.Ordinal) && (reply.Length == phrase.Length || reply[phrase.Length] == ' ');

    private static void AddOnce(List<string> keys, string key)
    {
        if (!keys.Contains(key))
            keys.Add(key);
    }

    /// <param name="Keys">The answers that phrases named, each once.</param>
    /// <param name="Others">Words that belong to no phrase.</param>
    private sealed record Found(List<string> Keys, List<string> Others)
    {
        public bool IsNegated => Others.Exists(AnswerVocabulary.Negations.Contains);
    }
}
