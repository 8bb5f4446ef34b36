using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Content;
using Tocsin.Storage.Alerts;
using Tocsin.Storage.Meetings;

namespace Tocsin.Server.Features.AnswerPage;

/// <summary>What the page shows, in the language it is shown in; its times are wall times of the organisation.</summary>
/// <param name="Purpose">Of the latest message: an all-clear or cancellation changes the whole page.</param>
/// <param name="Answers">What can be answered now; empty where nothing can.</param>
/// <param name="UpdatedAt">When the latest message was written; the same as <paramref name="RaisedAt"/> before any update.</param>
/// <param name="Answered">The answer that counts, in words, or null.</param>
/// <param name="Meeting">The alert's open meeting, where the recipient has an account to join it with.</param>
/// <param name="SubmissionId">Made for this showing, so that a form sent twice counts once.</param>
internal sealed record AnswerPageView(
    ContentLanguage Language,
    string Organisation,
    long Number,
    AlertMode Mode,
    Severity Severity,
    AlertState State,
    MessagePurpose Purpose,
    string Title,
    string Body,
    DateTimeOffset RaisedAt,
    DateTimeOffset UpdatedAt,
    IReadOnlyList<OfferedAnswer> Answers,
    AnsweredView? Answered,
    MeetingId? Meeting,
    PageNotice Notice,
    string SubmissionId);

internal sealed record AnsweredView(string Label, DateTimeOffset At, bool NeedsHelp);

/// <summary>What the last request did.</summary>
internal enum PageNotice
{
    None,
    CommentTaken,
    Refused,
    TooMany,
}
