using Tocsin.Alerting;
using Tocsin.Alerting.Content;
using Tocsin.Storage.Alerts;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Events;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Features.Alerts;

/// <summary>What the board hears of. docs/protocol/alerting.md lists the kinds.</summary>
internal static class AlertEvents
{
    /// <summary>Whoever may see boards. An administrator keeps the system, and reads no answer.</summary>
    public static readonly EventVisibility Board = EventVisibility.To(Roles.CrisisDirector | Roles.CrisisMember | Roles.Communicator | Roles.Auditor);

    /// <summary>Administrators are told that an exercise or a real alert runs, and nothing of it: what they change meanwhile must not be taken for the other.</summary>
    private static readonly EventVisibility administrators = EventVisibility.To(Roles.Administrator);

    public const string UnderWay = "alert.under-way";
    public const string Raised = "alert.raised";
    public const string Progressed = "alert.progressed";
    public const string Answered = "alert.answered";
    public const string FollowedUp = "alert.followed-up";
    public const string Escalated = "alert.escalated";
    public const string Expired = "alert.expired";
    public const string Arrived = "alert.arrived";
    public const string ReplyStrayed = "reply.strayed";

    // Past this a client reads the page it shows again rather than row by row.
    private const int MostChanged = 200;

    /// <summary>Appends <c>alert.under-way</c>: an alert of this mode began or ended.</summary>
    public static void AppendUnderWay(CommandTransaction transaction, AlertMode mode) => transaction.Append(UnderWay, administrators, new AlertModeChanged(mode));

    /// <summary>Appends <c>alert.progressed</c> with the alert's numbers as they are at the end of this transaction.</summary>
    /// <param name="changed">Recipients whose row changed.</param>
    public static async Task AppendProgressAsync(CommandTransaction transaction, AlertId alert, IReadOnlyCollection<long> changed, CancellationToken cancellationToken)
    {
        var totals = await AlertTotals.ReadAsync(transaction.Db, alert, cancellationToken);
        var ids = changed.Count <= MostChanged ? changed.Select(id => new RecipientId(id)).ToArray() : null;
        transaction.Append(Progressed, Board, new AlertProgressed(alert, totals, ids));
    }
}

/// <summary>Something of this mode began or ended; what runs now is asked for.</summary>
internal sealed record AlertModeChanged(AlertMode Mode);

/// <param name="RaisedBy">The name, as it was then.</param>
internal sealed record AlertRaised(
    AlertId AlertId,
    long Number,
    AlertMode Mode,
    Severity Severity,
    LocalizedText Title,
    int AudienceCount,
    string RaisedBy,
    DateTimeOffset RaisedAt,
    DateTimeOffset ExpiresAt);

/// <param name="Changed">Recipients whose row changed; null where there are too many to name.</param>
internal sealed record AlertProgressed(AlertId AlertId, AlertTotals Totals, IReadOnlyList<RecipientId>? Changed);

/// <param name="Answers">The latest, at most 20; of a flood of answers the rest is in <see cref="AlertProgressed"/>.</param>
/// <param name="More">How many are left out.</param>
internal sealed record AlertAnswered(AlertId AlertId, IReadOnlyList<AnswerNotice> Answers, int More);

/// <param name="Choice">Null where something was written that no answer could be read from.</param>
internal sealed record AnswerNotice(RecipientId RecipientId, PersonId PersonId, string? Choice, Standing Standing, AnswerVia Via, bool HasComment, DateTimeOffset At);

internal sealed record AlertFollowedUp(AlertId AlertId, long Number, AlertState State, int Revision, Severity Severity, LocalizedText Title, string By);

/// <param name="Rule">The rule's key.</param>
internal sealed record AlertEscalated(AlertId AlertId, string Rule, Alerting.Escalation.EscalationVerdict Verdict, int Added);

internal sealed record AlertExpired(AlertId AlertId, long Number);

internal sealed record ReplyStrayed(long ReplyId, Alerting.Channels.ChannelKind Channel, DateTimeOffset At);
