using System.Collections.Concurrent;
using Tocsin.Alerting;

namespace Tocsin.Server.Features.Alerts.Dispatch;

/// <summary>Alerts that ended while this process runs: what is already in its hands for them, but has not left, stays here.</summary>
/// <remarks>Saves some needless messages; the database is the truth. A handful of alerts end in a process's life, so nothing is forgotten.</remarks>
internal sealed class EndedAlerts
{
    private readonly ConcurrentDictionary<AlertId, bool> ended = [];

    public void Add(AlertId alert) => ended[alert] = true;

    public bool Contains(AlertId alert) => ended.ContainsKey(alert);
}
