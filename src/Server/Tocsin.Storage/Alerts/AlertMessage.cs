using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Content;

namespace Tocsin.Storage.Alerts;

/// <summary>One thing an alert says, to whoever it is for. Never changed: an update is another message.</summary>
public sealed class AlertMessage
{
    public long Id { get; set; }

    public AlertId AlertId { get; set; }

    /// <summary>The alert's revision that it tells. A revision may have two: one for those told before, one for those told first.</summary>
    public int Revision { get; set; }

    public MessagePurpose Purpose { get; set; }

    public Severity Severity { get; set; }

    /// <summary><see cref="AlertText"/> as <see cref="AlertingJson"/>.</summary>
    public string Text { get; set; } = "";

    public string CreatedBy { get; set; } = "";

    public string CreatedByName { get; set; } = "";

    public DateTimeOffset CreatedAt { get; set; }
}
