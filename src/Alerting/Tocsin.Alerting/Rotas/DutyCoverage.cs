namespace Tocsin.Alerting.Rotas;

/// <summary>How many people are on duty as time goes by: one sweep over the moments at which it changes.</summary>
internal sealed class DutyCoverage
{
    private readonly List<(DateTimeOffset From, DateTimeOffset Until, PersonId[] People)> stretches = [];

    /// <param name="assignments">All within the stretch.</param>
    public DutyCoverage(IReadOnlyList<DutyAssignment> assignments, DateTimeOffset from, DateTimeOffset until)
    {
        var moments = new SortedSet<DateTimeOffset> { from.ToUniversalTime(), until.ToUniversalTime() };
        foreach (var assignment in assignments)
        {
            moments.Add(assignment.From);
            moments.Add(assignment.Until);
        }

        var byStart = assignments.ToLookup(assignment => assignment.From);
        var active = new List<DutyAssignment>();
        var start = moments.Min;
        foreach (var end in moments.Skip(1))
        {
            active.RemoveAll(assignment => assignment.Until <= start);
            active.AddRange(byStart[start]);
            stretches.Add((start, end, [.. active.Select(assignment => assignment.Person).Distinct()]));
            start = end;
        }
    }

    public IReadOnlyList<DutyInterval> Gaps => Where(people => people == 0);

    public IReadOnlyList<DutyInterval> Overlaps => Where(people => people > 1);

    public IEnumerable<HandOver> HandOvers()
    {
        for (var i = 1; i < stretches.Count; i++)
        {
            var before = stretches[i - 1].People;
            var after = stretches[i].People;
            var outgoing = before.Except(after).ToArray();
            var incoming = after.Except(before).ToArray();
            if (outgoing.Length > 0 || incoming.Length > 0)
                yield return new HandOver(stretches[i].From, outgoing, incoming);
        }
    }

    /// <summary>Stretches that touch are one.</summary>
    private List<DutyInterval> Where(Func<int, bool> holds)
    {
        var intervals = new List<DutyInterval>();
        foreach (var (from, until, people) in stretches)
        {
            if (!holds(people.Length))
                continue;
            if (intervals.Count > 0 && intervals[^1].Until == from)
                intervals[^1] = intervals[^1] with { Until = until };
            else
                intervals.Add(new DutyInterval(from, until));
        }

        return intervals;
    }
}
