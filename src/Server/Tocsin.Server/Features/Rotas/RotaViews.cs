using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Phones;
using Tocsin.Alerting.Plans;
using Tocsin.Alerting.Rotas;
using Tocsin.Server.Features.Directory;
using Tocsin.Storage;
using Tocsin.Storage.Directory;

namespace Tocsin.Server.Features.Rotas;

/// <param name="Active">False: taken out of the directory, and so told nothing while on duty.</param>
internal sealed record DutyPerson(PersonId Id, string Name, bool Active);

/// <param name="OnDuty">Now; empty is a coverage gap.</param>
/// <param name="People">How many people are on duty now.</param>
internal sealed record RotaSummary(RotaId Id, string Name, string TimeZone, int Version, IReadOnlyList<DutyPerson> OnDuty, int People, DateTimeOffset? NextHandOver);

/// <param name="Named">Everyone whom the rota names, for their names.</param>
internal sealed record RotaDetail(
    RotaId Id, string Name, string TimeZone, int Version, IReadOnlyList<ShiftPattern> Shifts, IReadOnlyList<RotaOverride> Overrides, IReadOnlyList<DutyPerson> Named, HandOver? NextHandOver);

/// <param name="Unavailable">Those on duty in the stretch who are no longer in the directory: as good as a gap.</param>
internal sealed record RotaSchedule(
    RotaId Id,
    IReadOnlyList<DutyAssignment> Assignments,
    IReadOnlyList<DutyInterval> Gaps,
    IReadOnlyList<DutyInterval> Overlaps,
    IReadOnlyList<DutyPerson> Named,
    IReadOnlyList<PersonId> Unavailable);

/// <param name="FunctionName">The first crisis function that the person holds.</param>
/// <param name="Phone">The person's first mobile number, else landline; only for those who may read the directory.</param>
/// <param name="Until">When this duty ends.</param>
internal sealed record OnDutyPerson(RotaId RotaId, string RotaName, PersonId PersonId, string Name, string? FunctionName, string? Phone, DateTimeOffset Until);

/// <summary>A rota in which nobody who can be told is on duty.</summary>
/// <param name="Until">When somebody is again; null: not within two months.</param>
internal sealed record UncoveredRota(RotaId RotaId, string RotaName, DateTimeOffset? Until);

/// <param name="Next">Always null: there is one page.</param>
internal sealed record OnDutyNow(DateTimeOffset At, IReadOnlyList<OnDutyPerson> Items, IReadOnlyList<UncoveredRota> Uncovered, string? Next);

/// <summary>What is wrong with a rota in the time to come.</summary>
internal sealed record RotaCoverage(RotaId RotaId, string RotaName, IReadOnlyList<DutyInterval> Gaps, IReadOnlyList<DutyPerson> Unavailable);

internal static class RotaViews
{
    public static async Task<Dictionary<PersonId, DutyPerson>> NamesAsync(TocsinDbContext db, IEnumerable<PersonId> people, CancellationToken cancellationToken)
    {
        var ids = people.Distinct().ToList();
        return await db.Set<Person>().Where(person => ids.Contains(person.Id))
            .Select(person => new DutyPerson(person.Id, person.DisplayName, person.Active)).ToDictionaryAsync(person => person.Id, cancellationToken);
    }

    /// <param name="withPhones">The caller may see contact points.</param>
    public static async Task<OnDutyNow> OnDutyAsync(TocsinDbContext db, DateTimeOffset now, string language, bool withPhones, CancellationToken cancellationToken)
    {
        var rotas = await StoredRotas.ReadAllAsync(db, cancellationToken);
        var duties = rotas.ToDictionary(rota => rota.Id, rota => Running(rota, now));
        var people = duties.Values.SelectMany(running => running.Select(duty => duty.Person)).Distinct().ToList();
        var names = await NamesAsync(db, people, cancellationToken);
        var functions = await FunctionsAsync(db, people, language, cancellationToken);
        var phones = withPhones ? await PhonesAsync(db, people, cancellationToken) : [];
        var items = new List<OnDutyPerson>();
        var uncovered = new List<UncoveredRota>();
        foreach (var rota in rotas)
        {
            var told = duties[rota.Id].Where(duty => names.TryGetValue(duty.Person, out var person) && person.Active).ToList();
            items.AddRange(told.Select(duty => new OnDutyPerson(
                rota.Id, rota.Name, duty.Person, names[duty.Person].Name, functions.GetValueOrDefault(duty.Person), phones.GetValueOrDefault(duty.Person), duty.Until)));
            if (told.Count == 0) uncovered.Add(new UncoveredRota(rota.Id, rota.Name, rota.NextHandOver(now)?.At));
        }

        return new OnDutyNow(now, items, uncovered, null);
    }

    public static async Task<IReadOnlyList<RotaCoverage>> CoverageAsync(TocsinDbContext db, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var rotas = await StoredRotas.ReadAllAsync(db, cancellationToken);
        var schedules = rotas.ConvertAll(rota => (Rota: rota, Schedule: rota.Schedule(from, until)));
        var names = await NamesAsync(db, schedules.SelectMany(entry => entry.Schedule.Assignments).Select(duty => duty.Person), cancellationToken);
        return
        [
            .. schedules.Select(entry => new RotaCoverage(
                entry.Rota.Id, entry.Rota.Name, entry.Schedule.Gaps, [.. Unavailable(entry.Schedule, names).Select(id => names.GetValueOrDefault(id) ?? new DutyPerson(id, "", false))])),
        ];
    }

    public static IEnumerable<PersonId> Unavailable(DutySchedule schedule, Dictionary<PersonId, DutyPerson> names) =>
        schedule.Assignments.Select(duty => duty.Person).Distinct().Where(person => !names.TryGetValue(person, out var known) || !known.Active);

    /// <summary>The duties that run at <paramref name="now"/>, each person once, with the moment at which they end.</summary>
    private static List<DutyAssignment> Running(Rota rota, DateTimeOffset now) =>
        [.. rota.Schedule(now, now + LookAhead).Assignments.Where(duty => duty.From <= now).GroupBy(duty => duty.Person).Select(same => same.MaxBy(duty => duty.Until)!)];

    /// <summary>Every shift that runs now ends within it: the longest lasts 31 days.</summary>
    public static readonly TimeSpan LookAhead = TimeSpan.FromDays(33);

    private static async Task<Dictionary<PersonId, string>> FunctionsAsync(TocsinDbContext db, List<PersonId> people, string language, CancellationToken cancellationToken)
    {
        var held = await (
            from holder in db.Set<FunctionHolder>()
            join function in db.Set<CrisisFunction>() on holder.FunctionId equals function.Id
            where people.Contains(holder.PersonId) && holder.Rank == FunctionHolder.Holder
            orderby function.NameKey
            select new { holder.PersonId, function.NameFr, function.NameEn }).ToListAsync(cancellationToken);
        return held.GroupBy(row => row.PersonId).ToDictionary(rows => rows.Key, rows => FunctionNames.In(language, rows.First().NameFr, rows.First().NameEn));
    }

    private static async Task<Dictionary<PersonId, string>> PhonesAsync(TocsinDbContext db, List<PersonId> people, CancellationToken cancellationToken)
    {
        var points = await db.Set<StoredContactPoint>().AsNoTracking()
            .Where(point => people.Contains(point.PersonId) && point.Enabled && (point.Kind == ContactPointKind.Mobile || point.Kind == ContactPointKind.Landline))
            .ToListAsync(cancellationToken);
        return points.GroupBy(point => point.PersonId).ToDictionary(
            own => own.Key,
            own => own.OrderBy(point => point.Kind).ThenBy(point => point.Rank).Select(point => PhoneNumber.TryParseE164(point.Address, out var number) ? number.E164 : point.Address).First());
    }
}
