using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Content;
using Tocsin.Alerting.Scenarios;
using Tocsin.Storage.Alerts;

namespace Tocsin.Server.Features.AlertsApi.Board;

/// <param name="Title">As it is now: an update may have changed it.</param>
/// <param name="EndedAt">Absent while it is active.</param>
/// <param name="Recipients">People it is for, from the moment of raising on.</param>
/// <param name="Answered">Of them, those with an answer, help wanted included.</param>
internal sealed record AlertSummary(
    AlertId Id,
    long Number,
    AlertState State,
    AlertMode Mode,
    Severity Severity,
    LocalizedText Title,
    DateTimeOffset RaisedAt,
    string RaisedBy,
    DateTimeOffset? EndedAt,
    long Recipients,
    long Answered,
    long NeedHelp);

/// <param name="Next">Cursor of the next page; absent on the last.</param>
internal sealed record AlertPage(IReadOnlyList<AlertSummary> Items, string? Next);

/// <param name="Body">As it is now.</param>
/// <param name="Channels">All that its plan uses.</param>
/// <param name="AudienceSentence">How many and who, in words of both languages.</param>
/// <param name="Revision">One more with each update, all-clear or cancellation.</param>
/// <param name="ScenarioId">Absent for a free alert.</param>
/// <param name="MayEnd">Whether whoever asks may update, clear and cancel it.</param>
/// <param name="IsPublic">Marked for the public when it was raised: it stands on the public page, in its feed and as CAP.</param>
internal sealed record AlertDetail(
    AlertId Id,
    long Number,
    AlertState State,
    AlertMode Mode,
    Severity Severity,
    LocalizedText Title,
    LocalizedText Body,
    DateTimeOffset RaisedAt,
    string RaisedBy,
    DateTimeOffset? EndedAt,
    DateTimeOffset ExpiresAt,
    long Recipients,
    long Answered,
    long NeedHelp,
    IReadOnlyList<AnswerChoice> Answers,
    IReadOnlyList<ChannelKind> Channels,
    LocalizedText AudienceSentence,
    int Revision,
    ScenarioId? ScenarioId,
    Attachment? Attachment,
    bool MayEnd,
    bool IsPublic);
