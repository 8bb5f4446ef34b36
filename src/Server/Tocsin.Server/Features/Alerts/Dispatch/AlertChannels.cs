using Tocsin.Alerting.Channels;

namespace Tocsin.Server.Features.Alerts.Dispatch;

/// <summary>One channel of each kind: the configured ones, and for the others one that says so.</summary>
internal sealed class AlertChannels
{
    public AlertChannels(IEnumerable<IAlertChannel> configured)
    {
        // The last registered wins, so that a test can put its own in place.
        var byKind = configured.GroupBy(channel => channel.Kind).ToDictionary(group => group.Key, group => group.Last());
        All = [.. Enum.GetValues<ChannelKind>().Select(kind => byKind.GetValueOrDefault(kind) ?? new UnconfiguredChannel(kind))];
    }

    public IReadOnlyList<IAlertChannel> All { get; }

    public IAlertChannel this[ChannelKind kind] => All[(int)kind];
}
