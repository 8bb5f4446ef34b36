namespace Tocsin.Alerting.Answers;

/// <summary>What a free-text reply was understood as. Whatever is not <see cref="Chosen"/> is shown to a person, in full.</summary>
public abstract record AnswerReading
{
    private AnswerReading()
    {
    }

    /// <summary>One of the answers offered, beyond doubt.</summary>
    public sealed record Chosen(string Key) : AnswerReading;

    /// <summary>Several of them.</summary>
    public sealed record Ambiguous(IReadOnlyList<string> Keys) : AnswerReading;

    /// <summary>None of them.</summary>
    public sealed record Unknown : AnswerReading
    {
        public static Unknown Instance { get; } = new();
    }
}

/// <summary>One answer as it was given.</summary>
/// <param name="At">When the person gave it (the carrier's time for a reply, the browser's sending time bounded by the server for a tap).</param>
/// <param name="Sequence">The order in which the server stored it; decides between two of the same moment.</param>
public readonly record struct GivenAnswer(string Key, DateTimeOffset At, long Sequence);
