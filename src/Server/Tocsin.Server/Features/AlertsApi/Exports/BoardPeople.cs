using System.Runtime.InteropServices;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Deliveries;
using Tocsin.Alerting.Plans;
using Tocsin.Server.Features.AlertsApi.Recipients;
using Tocsin.Storage;
using Tocsin.Storage.Alerts;
using Tocsin.Storage.Directory;

namespace Tocsin.Server.Features.AlertsApi.Exports;

/// <summary>One person of a board as files show them.</summary>
/// <param name="Channels">The best that is known of each channel's messages.</param>
internal sealed record ExportedPerson(
    string Name,
    string? Site,
    Standing Standing,
    string? Answer,
    DateTimeOffset? AnsweredAt,
    AnswerVia? Via,
    string? Comment,
    UnreachableReason? Unreachable,
    IReadOnlyDictionary<ChannelKind, ChannelResult> Channels);

[StructLayout(LayoutKind.Auto)]
internal readonly record struct ChannelResult(DeliveryState State, string? Failure);

/// <summary>Reads people of a board, a bounded number at a time.</summary>
internal static class BoardPeople
{
    private const int Batch = 2_000;

    /// <summary>Everyone, each once, in the order of their ids: that order does not change while the board does.</summary>
    public static async IAsyncEnumerable<ExportedPerson> ReadAllAsync(
        IDbContextFactory<TocsinDbContext> contexts, AlertId alert, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (long after = 0; ;)
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            var from = after;
            var recipients = await db.Set<Recipient>().AsNoTracking().Where(r => r.AlertId == alert && r.Id > from).OrderBy(r => r.Id).Take(Batch).ToListAsync(cancellationToken);
            if (recipients.Count == 0) yield break;
            foreach (var person in await DescribeAsync(db, alert, recipients, cancellationToken)) yield return person;
            after = recipients[^1].Id;
        }
    }

    /// <summary>The first that the board lists: those first who need somebody to act.</summary>
    public static async Task<IReadOnlyList<ExportedPerson>> ReadFirstAsync(TocsinDbContext db, AlertId alert, int most, CancellationToken cancellationToken)
    {
        var recipients = await db.Set<Recipient>().AsNoTracking().Where(r => r.AlertId == alert).OrderBy(r => r.Standing).ThenBy(r => r.Id).Take(most).ToListAsync(cancellationToken);
        return await DescribeAsync(db, alert, recipients, cancellationToken);
    }

    private static async Task<IReadOnlyList<ExportedPerson>> DescribeAsync(TocsinDbContext db, AlertId alert, List<Recipient> recipients, CancellationToken cancellationToken)
    {
        if (recipients.Count == 0) return [];
        var sites = await db.Set<Site>().AsNoTracking().ToDictionaryAsync(site => site.Id, site => site.Name, cancellationToken);
        var comments = await RecipientPages.ReadCommentsAsync(db, [.. recipients.Select(r => r.Id)], cancellationToken);
        var channels = await ReadChannelsAsync(db, alert, recipients, cancellationToken);
        return [.. recipients.Select(r => new ExportedPerson(
            r.Name,
            r.SiteId is { } site ? sites.GetValueOrDefault(site) : null,
            r.Standing,
            r.AnswerChoice,
            r.AnsweredAt,
            r.AnsweredVia,
            comments.GetValueOrDefault(r.Id),
            r.Unreachable,
            channels.GetValueOrDefault(r.Id) ?? []))];
    }

    private static async Task<Dictionary<long, Dictionary<ChannelKind, ChannelResult>>> ReadChannelsAsync(
        TocsinDbContext db, AlertId alert, List<Recipient> recipients, CancellationToken cancellationToken)
    {
        var (first, last) = (recipients.Min(r => r.Id), recipients.Max(r => r.Id));
        var deliveries = db.Set<Delivery>().AsNoTracking().Where(d => d.RecipientId >= first && d.RecipientId <= last && d.AlertId == alert)
            .Select(d => new { d.RecipientId, d.Channel, d.State, d.FailureCode });
        var wanted = recipients.Select(r => r.Id).ToHashSet();
        var best = new Dictionary<long, Dictionary<ChannelKind, ChannelResult>>(recipients.Count);
        await foreach (var delivery in deliveries.AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            if (!wanted.Contains(delivery.RecipientId)) continue;
            ref var own = ref CollectionsMarshal.GetValueRefOrAddDefault(best, delivery.RecipientId, out _);
            own ??= [];
            if (!own.TryGetValue(delivery.Channel, out var known) || delivery.State > known.State)
                own[delivery.Channel] = new ChannelResult(delivery.State, delivery.State == DeliveryState.Failed ? delivery.FailureCode : null);
        }

        return best;
    }
}
