using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Content;
using Tocsin.Alerting.Plans;
using Tocsin.Storage;
using Tocsin.Storage.Directory;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Features.AlertsApi.Audiences;

/// <summary>Whom the channels of a plan can reach, as the directory is now. Quiet hours are left to the planner: they end.</summary>
internal sealed class AudienceReach
{
    // Up to here the database is asked for these people only; beyond, reading everyone's contact points once is faster.
    private const int MostNamed = 500;

    private readonly Dictionary<PersonId, int> masks;
    private readonly ChannelKind[] channels;

    private AudienceReach(IEnumerable<PersonId> people, ChannelPlan plan)
    {
        masks = people.ToDictionary(person => person, _ => 0);
        channels = [.. plan.Steps.SelectMany(step => step.Channels).Distinct().Order()];
    }

    public static async Task<(int Unreachable, IReadOnlyDictionary<ChannelKind, int> ByChannel)> CountAsync(
        TocsinDbContext db, PersonId[] people, ChannelPlan plan, Severity severity, CancellationToken cancellationToken)
    {
        var reach = new AudienceReach(people, plan);
        await reach.ReadContactPointsAsync(db, people, cancellationToken);
        await reach.ReadAccountsAsync(db, people, cancellationToken);
        if (plan.FollowPreferences && !QuietHours.ArePassedBy(severity)) await reach.ReadDeclinedAsync(db, people, cancellationToken);
        return (reach.masks.Values.Count(mask => mask == 0), reach.channels.ToDictionary(channel => channel, channel => reach.masks.Values.Count(mask => (mask & Bit(channel)) != 0)));
    }

    private async Task ReadContactPointsAsync(TocsinDbContext db, PersonId[] people, CancellationToken cancellationToken)
    {
        var points = db.Set<StoredContactPoint>().AsNoTracking().Where(c => c.Enabled);
        if (people.Length <= MostNamed) points = points.Where(c => people.Contains(c.PersonId));
        await foreach (var point in points.Select(c => new { c.PersonId, c.Kind }).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            foreach (var channel in channels)
            {
                if (channel.CanReach(point.Kind)) Add(point.PersonId, channel);
            }
        }
    }

    private async Task ReadAccountsAsync(TocsinDbContext db, PersonId[] people, CancellationToken cancellationToken)
    {
        if (!channels.Contains(ChannelKind.InApp)) return;
        var accounts = db.Set<Account>().AsNoTracking().Where(a => a.DisabledAt == null);
        if (people.Length <= MostNamed) accounts = accounts.Where(a => people.Contains(a.PersonId));
        await foreach (var person in accounts.Select(a => a.PersonId).AsAsyncEnumerable().WithCancellation(cancellationToken)) Add(person, ChannelKind.InApp);
    }

    private async Task ReadDeclinedAsync(TocsinDbContext db, PersonId[] people, CancellationToken cancellationToken)
    {
        var preferences = db.Set<PersonPreferences>().AsNoTracking();
        if (people.Length <= MostNamed) preferences = preferences.Where(p => people.Contains(p.PersonId));
        await foreach (var stored in preferences.AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            if (!masks.TryGetValue(stored.PersonId, out var mask)) continue;
            var declined = JsonSerializer.Deserialize<ChannelPreferences>(stored.Channels, AlertingJson.Options)!.Declined;
            masks[stored.PersonId] = declined.Aggregate(mask, (left, channel) => left & ~Bit(channel));
        }
    }

    private void Add(PersonId person, ChannelKind channel)
    {
        if (masks.TryGetValue(person, out var mask)) masks[person] = mask | Bit(channel);
    }

    private static int Bit(ChannelKind channel) => 1 << (int)channel;
}
