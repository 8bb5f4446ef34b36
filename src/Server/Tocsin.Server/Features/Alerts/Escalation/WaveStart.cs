using Tocsin.Alerting;
using Tocsin.Alerting.Plans;
using Tocsin.Server.Features.Alerts.Timers;
using Tocsin.Storage.Alerts;
using Tocsin.Storage.Commands;

namespace Tocsin.Server.Features.Alerts.Escalation;

/// <summary>Starts a further wave of an alert in the caller's transaction. The alert is locked and tracked.</summary>
internal static class WaveStart
{
    /// <param name="people">In the order of their ids, each once.</param>
    public static void Add(CommandTransaction transaction, Alert alert, WaveKind kind, ReadOnlySpan<PersonId> people, long? message = null, ChannelPlan? plan = null)
    {
        if (people.IsEmpty) return;
        alert.LastWave++;
        AlertAudiences.Freeze(transaction.Db, alert.Id, alert.LastWave, people);
        transaction.Db.Add(TimerPayload.NewTimer(alert.Id, AlertTimerKind.Expansion, transaction.Now, new WavePayload(alert.LastWave, kind, message, plan)));
    }
}
