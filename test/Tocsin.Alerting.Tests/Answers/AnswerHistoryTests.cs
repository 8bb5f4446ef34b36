using FsCheck.Fluent;
using Tocsin.Alerting.Answers;

namespace Tocsin.Alerting.Tests.Answers;

public sealed class AnswerHistoryTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    [Fact]
    public void The_last_answer_wins_by_time_then_by_sequence_in_whatever_order_they_came() =>
        Property.HoldsFor(Gen.ArrayOf(Gen.Choose(0, 3), 6), moments =>
        {
            var answers = moments.Select((moment, sequence) => new GivenAnswer("key-" + sequence, Start.AddSeconds(moment), sequence)).ToArray();
            var expected = answers.OrderBy(answer => answer.At).ThenBy(answer => answer.Sequence).Last();

            Assert.Equal(expected, AnswerHistory.Current(answers));
            Assert.Equal(expected, AnswerHistory.Current(answers.Reverse()));
        });

    [Fact]
    public void Nobody_who_has_not_answered_has_an_answer() => Assert.Null(AnswerHistory.Current([]));
}
