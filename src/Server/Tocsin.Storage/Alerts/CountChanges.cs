using System.Globalization;
using System.Runtime.InteropServices;
using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Deliveries;

namespace Tocsin.Storage.Alerts;

/// <summary>How a transaction changes the numbers of alerts: summed up in memory, written once at its end.</summary>
public sealed class CountChanges
{
    private readonly Dictionary<(AlertId Alert, AlertCountKind Kind, string Key), long> changes = [];

    /// <summary>The alerts whose numbers change.</summary>
    public IEnumerable<AlertId> Alerts => changes.Keys.Select(key => key.Alert).Distinct();

    public void Add(AlertId alert, AlertCountKind kind, string key, long by)
    {
        ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(changes, (alert, kind, key), out _);
        sum += by;
    }

    /// <summary>A recipient of <paramref name="site"/> is now counted under <paramref name="after"/>; <paramref name="before"/> is null for a new one.</summary>
    public void Move(AlertId alert, SiteId? site, Standing? before, Standing after)
    {
        if (before == after) return;
        if (before is { } was)
        {
            Add(alert, AlertCountKind.Standing, CountKeys.Of(was), -1);
            Add(alert, AlertCountKind.Site, CountKeys.Site(site, was), -1);
        }

        Add(alert, AlertCountKind.Standing, CountKeys.Of(after), 1);
        Add(alert, AlertCountKind.Site, CountKeys.Site(site, after), 1);
    }

    /// <summary>A delivery is now counted under <paramref name="after"/>; <paramref name="before"/> is null for a new one.</summary>
    public void Move(AlertId alert, ChannelKind channel, DeliveryProgress? before, DeliveryProgress after)
    {
        if (before is { } was)
        {
            if (was.State == after.State && was.Reason?.Code == after.Reason?.Code) return;
            Add(alert, AlertCountKind.Delivery, CountKeys.Delivery(channel, was.State), -1);
            if (was is { State: DeliveryState.Failed, Reason: { } oldReason }) Add(alert, AlertCountKind.Failure, CountKeys.Failure(channel, oldReason.Code), -1);
        }

        Add(alert, AlertCountKind.Delivery, CountKeys.Delivery(channel, after.State), 1);
        if (after is { State: DeliveryState.Failed, Reason: { } reason }) Add(alert, AlertCountKind.Failure, CountKeys.Failure(channel, reason.Code), 1);
    }

    /// <summary>Adds the changes to what is kept, in one order everywhere, so that two nodes never wait for each other in a circle.</summary>
    public Task WriteAsync(TocsinDbContext db, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        var rows = changes.Where(change => change.Value != 0)
            .Select(change => new AlertCount { AlertId = change.Key.Alert, Kind = change.Key.Kind, Key = change.Key.Key, Count = change.Value })
            .OrderBy(row => row.AlertId.Value).ThenBy(row => row.Kind).ThenBy(row => row.Key, StringComparer.Ordinal)
            .ToList();
        return AlertBulkTables.Counts.RunAsync(db, rows, cancellationToken);
    }
}

/// <summary>How the keys of <see cref="AlertCount"/> are written.</summary>
public static class CountKeys
{
    private static readonly string[] standings = [.. Enum.GetValues<Standing>().Select(standing => ((int)standing).ToString(CultureInfo.InvariantCulture))];

    private static readonly string[][] deliveries =
        [.. Enum.GetValues<ChannelKind>().Select(channel => Enum.GetValues<DeliveryState>().Select(state => $"{(int)channel}:{(int)state}").ToArray())];

    public static string Of(Standing standing) => standings[(int)standing];

    public static string Delivery(ChannelKind channel, DeliveryState state) => deliveries[(int)channel][(int)state];

    public static string Failure(ChannelKind channel, string code) => $"{(int)channel}:{code}";

    public static string Site(SiteId? site, Standing standing) => $"{site?.Value}:{(int)standing}";

    /// <summary>Splits a key of two parts at its first colon.</summary>
    public static (string First, string Second) Split(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var colon = key.IndexOf(':', StringComparison.Ordinal);
        return (key[..colon], key[(colon + 1)..]);
    }
}
