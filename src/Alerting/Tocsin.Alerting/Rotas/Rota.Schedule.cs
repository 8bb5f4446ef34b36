using Tocsin.Alerting.Time;

namespace Tocsin.Alerting.Rotas;

public sealed partial record Rota
{
    /// <summary>The longest stretch that is worked out at once: what a planning page shows, and a bound on what a request can cost.</summary>
    public static readonly TimeSpan LongestSchedule = TimeSpan.FromDays(400);

    /// <summary>How far ahead a hand-over is looked for.</summary>
    private static readonly TimeSpan HandOverHorizon = TimeSpan.FromDays(62);

    /// <summary>Who is on duty at <paramref name="moment"/>, each once, in the order of the shifts. Empty is a coverage gap.</summary>
    public IReadOnlyList<PersonId> OnDutyAt(DateTimeOffset moment)
    {
        var people = new List<PersonId>();
        foreach (var assignment in AssignmentsBetween(moment, moment.AddTicks(1)))
        {
            if (!people.Contains(assignment.Person))
                people.Add(assignment.Person);
        }

        return people;
    }

    /// <summary>Who is on duty from <paramref name="from"/> to <paramref name="until"/> (excluded), with gaps and overlaps.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The stretch is empty or longer than <see cref="LongestSchedule"/>.</exception>
    public DutySchedule Schedule(DateTimeOffset from, DateTimeOffset until)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(until, from);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(until - from, LongestSchedule, nameof(until));
        var assignments = AssignmentsBetween(from, until);
        var coverage = new DutyCoverage(assignments, from, until);
        return new DutySchedule(assignments, coverage.Gaps, coverage.Overlaps);
    }

    /// <summary>The next moment after <paramref name="moment"/> at which those on duty change; null if they do not within two months.</summary>
    public HandOver? NextHandOver(DateTimeOffset moment)
    {
        var assignments = AssignmentsBetween(moment, moment + HandOverHorizon);
        return new DutyCoverage(assignments, moment, moment + HandOverHorizon).HandOvers().FirstOrDefault();
    }

    /// <summary>By start, then shift, then person; cut at both ends.</summary>
    private List<DutyAssignment> AssignmentsBetween(DateTimeOffset from, DateTimeOffset until)
    {
        if (!WallClock.TryFindZone(TimeZone, out var zone))
            throw new InvalidOperationException("The rota was not validated: its time zone is unknown.");
        var assignments = new List<(int Shift, DutyAssignment Assignment)>();
        for (var i = 0; i < Shifts.Count; i++)
        {
            foreach (var turn in Shifts[i].TurnsBetween(zone, from, until))
                AddWithOverrides(assignments, i, turn);
        }

        foreach (var extra in Overrides)
        {
            if (extra is { Replaces: null, Person: { } person })
                assignments.Add((Shifts.Count, new DutyAssignment(extra.From.ToUniversalTime(), extra.Until.ToUniversalTime(), person, null, null)));
        }

        return
        [
            .. assignments
                .Select(entry => (entry.Shift, Assignment: Cut(entry.Assignment, from, until)))
                .Where(entry => entry.Assignment.From < entry.Assignment.Until)
                .OrderBy(entry => entry.Assignment.From)
                .ThenBy(entry => entry.Shift)
                .ThenBy(entry => entry.Assignment.Person.Value)
                .Select(entry => entry.Assignment),
        ];
    }

    /// <summary>Parts a turn wherever an override of its person begins or ends; in each part the latest override that covers it speaks.</summary>
    private void AddWithOverrides(List<(int Shift, DutyAssignment Assignment)> assignments, int shift, DutyAssignment turn)
    {
        var changes = Overrides.Where(c => c.Replaces == turn.Person && c.From < turn.Until && c.Until > turn.From).ToArray();
        var cuts = new SortedSet<DateTimeOffset> { turn.From, turn.Until };
        foreach (var change in changes)
        {
            cuts.Add(Later(change.From, turn.From).ToUniversalTime());
            cuts.Add(Earlier(change.Until, turn.Until).ToUniversalTime());
        }

        var start = turn.From;
        foreach (var end in cuts.Skip(1))
        {
            var part = turn with { From = start, Until = end };
            var change = Array.FindLast(changes, c => c.From <= part.From && c.Until >= part.Until);
            if (change is null)
                assignments.Add((shift, part));
            else if (change.Person is { } person)
                assignments.Add((shift, part with { Person = person, Replaces = turn.Person }));
            start = end;
        }
    }

    private static DutyAssignment Cut(DutyAssignment assignment, DateTimeOffset from, DateTimeOffset until) =>
        assignment with { From = Later(assignment.From, from).ToUniversalTime(), Until = Earlier(assignment.Until, until).ToUniversalTime() };

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}
