namespace Tocsin.Alerting.Answers;

public static class AnswerHistory
{
    /// <summary>Whether <paramref name="news"/> counts instead of <paramref name="known"/>: the later one does, and of the same moment the one stored later.</summary>
    public static bool Supersedes(this GivenAnswer news, GivenAnswer known) =>
        news.At.UtcTicks != known.At.UtcTicks ? news.At.UtcTicks > known.At.UtcTicks : news.Sequence > known.Sequence;

    /// <summary>The answer that counts, in whatever order they came to us; null where none was given. The others stay as history.</summary>
    public static GivenAnswer? Current(IEnumerable<GivenAnswer> answers)
    {
        ArgumentNullException.ThrowIfNull(answers);
        GivenAnswer? current = null;
        foreach (var answer in answers)
        {
            if (current is null || answer.Supersedes(current.Value))
                current = answer;
        }

        return current;
    }
}
