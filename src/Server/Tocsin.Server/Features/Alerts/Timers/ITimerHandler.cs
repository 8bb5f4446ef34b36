using Tocsin.Storage.Alerts;

namespace Tocsin.Server.Features.Alerts.Timers;

/// <summary>Does what one kind of timer is for.</summary>
internal interface ITimerHandler
{
    AlertTimerKind Kind { get; }

    /// <summary>
    /// Works the timer off, from its cursor on, in transactions that each move the timer with what they write, and finishes or reschedules it in the last.
    /// Returns early when the timer turns out to be somebody else's by now. A throw means: try again later, from where it is.
    /// </summary>
    Task RunAsync(AlertTimer timer, CancellationToken cancellationToken);
}
