namespace Tocsin.Server.Features.Alerts.Answers;

/// <summary>When an answer counts as given: its sender's word, within what is possible. A clock that is wrong must not make an answer win for ever.</summary>
internal static class AnswerTime
{
    public static DateTimeOffset Bound(DateTimeOffset claimed, DateTimeOffset raisedAt, DateTimeOffset now) =>
        claimed > now ? now : claimed < raisedAt ? raisedAt : claimed;
}
