using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Deliveries;
using Tocsin.Alerting.Plans;
using Tocsin.Storage.Alerts;

namespace Tocsin.Server.Features.AlertsApi.Recipients;

/// <param name="Name">As it was when the alert was raised.</param>
/// <param name="Answer">Key of the answer that counts.</param>
/// <param name="Unreachable">Why nothing could be planned, where nothing could.</param>
/// <param name="Comment">The last thing the person wrote.</param>
/// <param name="Phones">Their telephones, for whoever may call them; empty for others.</param>
/// <param name="HasUnreadReply">They wrote something that no answer could be read from.</param>
internal sealed record RecipientRow(
    RecipientId Id,
    PersonId PersonId,
    string Name,
    string? SiteName,
    Standing Standing,
    string? Answer,
    DateTimeOffset? AnsweredAt,
    AnswerVia? Via,
    UnreachableReason? Unreachable,
    string? Comment,
    IReadOnlyList<string> Phones,
    bool HasUnreadReply);

/// <param name="Next">Cursor of the next page; absent on the last.</param>
internal sealed record RecipientPage(IReadOnlyList<RecipientRow> Items, string? Next);

/// <param name="Deliveries">The latest first.</param>
/// <param name="History">Everything the person sent back, the latest first.</param>
internal sealed record RecipientDetail(
    RecipientId Id,
    PersonId PersonId,
    string Name,
    string? SiteName,
    Standing Standing,
    string? Answer,
    DateTimeOffset? AnsweredAt,
    AnswerVia? Via,
    UnreachableReason? Unreachable,
    string? Comment,
    IReadOnlyList<string> Phones,
    bool HasUnreadReply,
    IReadOnlyList<RecipientDelivery> Deliveries,
    IReadOnlyList<GivenAnswerView> History);

/// <param name="Address">The contact point with all but its end hidden; empty in the app.</param>
/// <param name="At">When the state came to be.</param>
/// <param name="Failure">Stable code (docs/protocol/errors.md).</param>
/// <param name="CarrierCode">What the carrier said.</param>
internal sealed record RecipientDelivery(
    DeliveryId Id,
    ChannelKind Channel,
    string Address,
    MessagePurpose Purpose,
    DeliveryState State,
    DateTimeOffset At,
    int Attempts,
    string? Failure,
    string? CarrierCode,
    DateTimeOffset CreatedAt,
    DateTimeOffset? AcceptedAt,
    DateTimeOffset? DeliveredAt,
    DateTimeOffset? ReadAt,
    IReadOnlyList<FailedAttempt> FailedAttempts);

/// <summary>An attempt that the carrier did not take.</summary>
internal sealed record FailedAttempt(int Attempt, DateTimeOffset At, AttemptResult Result, string Failure, string? CarrierCode);

/// <param name="Choice">Absent where only something was written.</param>
/// <param name="EnteredBy">Name of whoever entered it for the person.</param>
/// <param name="Position">Where the person said they are.</param>
internal sealed record GivenAnswerView(DateTimeOffset At, string? Choice, string? Comment, AnswerVia Via, string? EnteredBy, PositionView? Position);

internal sealed record PositionView(double Latitude, double Longitude, double? AccuracyMetres);
