using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Content;
using Tocsin.Alerting.Deliveries;
using Tocsin.Alerting.Rotas;
using Tocsin.Server.Features.Alerts.Dispatch;
using Tocsin.Server.Features.Channels.TestMessages;
using Tocsin.Server.Features.Directory;
using Tocsin.Server.Features.Rotas;
using Tocsin.Server.Features.Settings;
using Tocsin.Storage;
using Tocsin.Storage.Alerts;
using Tocsin.Storage.Directory;

namespace Tocsin.Server.Features.Readiness;

/// <summary>Reads what the organisation's readiness is judged by. Nothing in it grows with the number of people but three counts.</summary>
internal sealed class ReadinessReading(IDbContextFactory<TocsinDbContext> contexts, AlertChannels channels, TimeProvider time)
{
    private static readonly TimeSpan LookAhead = TimeSpan.FromDays(14);

    private const int MostFunctions = 200;
    private const int MostGaps = 10;
    private const int MostDrills = 20;

    // A monthly test of each of the channels for some years.
    private const int MostAlerts = 50;

    public async Task<ReadinessFigures> ReadAsync(int months, string language, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var reach = await ReachCounts.ReadAsync(db, Verifications.Since(now, months), cancellationToken);
        var rotas = await StoredRotas.ReadAllAsync(db, cancellationToken);
        var functions = await db.Set<CrisisFunction>().AsNoTracking().OrderBy(function => function.NameKey).Take(MostFunctions).ToListAsync(cancellationToken);
        var moreFunctions = await db.Set<CrisisFunction>().CountAsync(cancellationToken) - functions.Count;
        var holders = await HoldersAsync(db, cancellationToken);
        var zone = (await OrganisationTimeZone.ReadAsync(db, time, cancellationToken)).Id;
        var duties = Duties(rotas, now);
        var alerts = await db.Set<Alert>().AsNoTracking().Where(alert => alert.Mode == AlertMode.Exercise && alert.AudienceCount > 0)
            .OrderByDescending(alert => alert.Number).Take(MostAlerts)
            .Select(alert => new ExerciseAlert(alert.Id, alert.Number, alert.RaisedAt, alert.AudienceCount)).ToListAsync(cancellationToken);
        var totals = new Dictionary<AlertId, AlertTotals>();
        foreach (var alert in alerts) totals[alert.Id] = await AlertTotals.ReadAsync(db, alert.Id, cancellationToken);
        var messages = await TestMessageEndpoints.LatestAsync(db, cancellationToken);
        return new ReadinessFigures(
            now,
            months,
            reach,
            rotas.Count,
            [.. functions.Select(function => Of(function, [.. holders[function.Id]], duties, now, zone, language))],
            moreFunctions,
            [.. alerts.Take(MostDrills).Select(alert => new DrillFigures(alert.Id, alert.Number, alert.RaisedAt, alert.Recipients, Answered(totals[alert.Id])))],
            [.. channels.All.Select(channel => new ChannelReadiness(channel.Kind, channel.Health.State, channel.Health.ReasonCode, LastTest(channel.Kind, alerts, totals), messages.GetValueOrDefault(channel.Kind)))]);
    }

    /// <summary>Active holders and deputies: who was taken out of the directory is told nothing while on duty.</summary>
    private static async Task<ILookup<FunctionId, PersonId>> HoldersAsync(TocsinDbContext db, CancellationToken cancellationToken)
    {
        var rows = await (
            from holder in db.Set<FunctionHolder>()
            join person in db.Set<Person>() on holder.PersonId equals person.Id
            where person.Active
            select new { holder.FunctionId, holder.PersonId }).ToListAsync(cancellationToken);
        return rows.ToLookup(row => row.FunctionId, row => row.PersonId);
    }

    /// <summary>Who is on duty when, each with the zone of the rota that says so; rotas by name.</summary>
    private static List<(DutyAssignment Duty, string TimeZone)> Duties(List<Rota> rotas, DateTimeOffset now) =>
        [.. rotas.SelectMany(rota => rota.Schedule(now, now + LookAhead).Assignments.Select(duty => (duty, rota.TimeZone)))];

    private static FunctionReadiness Of(
        CrisisFunction function, HashSet<PersonId> people, List<(DutyAssignment Duty, string TimeZone)> duties, DateTimeOffset now, string organisationZone, string language)
    {
        var own = duties.FindAll(entry => people.Contains(entry.Duty.Person));
        var zone = own.Count > 0 ? own[0].TimeZone : organisationZone;
        var coverage = CoverageByDayAndNight.Of(own.Select(entry => entry.Duty), now, now + LookAhead, zone);
        return new FunctionReadiness(
            function.Id,
            FunctionNames.In(language, function.NameFr, function.NameEn),
            people.Count,
            own.Select(entry => entry.Duty.Person).Distinct().Count(),
            zone,
            Minutes(coverage.Day),
            Minutes(coverage.DayCovered),
            Minutes(coverage.Night),
            Minutes(coverage.NightCovered),
            [.. coverage.Gaps.Take(MostGaps)],
            Math.Max(0, coverage.Gaps.Count - MostGaps));
    }

    private static int Minutes(TimeSpan time) => (int)Math.Round(time.TotalMinutes);

    private static long Answered(AlertTotals totals) => totals.Standing.GetValueOrDefault(Standing.Answered) + totals.Standing.GetValueOrDefault(Standing.NeedsHelp);

    private static ChannelTest? LastTest(ChannelKind channel, List<ExerciseAlert> alerts, Dictionary<AlertId, AlertTotals> totals)
    {
        foreach (var alert in alerts)
        {
            if (!totals[alert.Id].Deliveries.TryGetValue(channel, out var states)) continue;
            long Of(params ReadOnlySpan<DeliveryState> wanted)
            {
                long sum = 0;
                foreach (var state in wanted) sum += states.GetValueOrDefault(state);
                return sum;
            }

            return new ChannelTest(
                alert.Id, alert.RaisedAt, states.Values.Sum(), Of(DeliveryState.Delivered, DeliveryState.Read), Of(DeliveryState.Accepted), Of(DeliveryState.Failed, DeliveryState.Expired));
        }

        return null;
    }

    private sealed record ExerciseAlert(AlertId Id, long Number, DateTimeOffset RaisedAt, int Recipients);
}
