using System.Text.Json;
using Tocsin.Alerting;
using Tocsin.Alerting.Escalation;
using Tocsin.Alerting.Plans;
using Tocsin.Storage.Alerts;

namespace Tocsin.Server.Features.Alerts.Timers;

/// <summary>What timers remember, as <see cref="AlertingJson"/>.</summary>
internal static class TimerPayload
{
    public static AlertTimer NewTimer<TPayload>(AlertId alert, AlertTimerKind kind, DateTimeOffset dueAt, TPayload payload) =>
        new() { AlertId = alert, Kind = kind, DueAt = dueAt, Payload = Write(payload) };

    public static string Write<TPayload>(TPayload payload) => JsonSerializer.Serialize(payload, AlertingJson.Options);

    public static TPayload Read<TPayload>(AlertTimer timer) => JsonSerializer.Deserialize<TPayload>(timer.Payload, AlertingJson.Options)!;
}

/// <summary>People who are to be told something. The timer's cursor is the next chunk.</summary>
/// <param name="Message">What they are told; null: the alert's words as they are when each chunk's turn comes.</param>
/// <param name="Plan">By which ways; null: the alert's plan.</param>
internal sealed record WavePayload(int Wave, WaveKind Kind, long? Message = null, ChannelPlan? Plan = null);

internal enum WaveKind
{
    /// <summary>They become recipients; whoever is one already has been told.</summary>
    Tell,

    /// <summary>Recipients who have not answered when their chunk's turn comes are told once more.</summary>
    Remind,

    /// <summary>Recipients are told once more, whatever is known of them: somebody asked for it.</summary>
    TellAgain,
}

/// <summary>The timer's cursor is the last recipient dealt with.</summary>
/// <param name="Through">The last recipient there is.</param>
internal sealed record FollowUpPayload(long Message, int Revision, long Through);

internal sealed record ReminderPayload(int Sent);

internal sealed record EscalationPayload(IReadOnlyList<DecidedRule> Decided);

internal sealed record ExpiryPayload;
