namespace Tocsin.Alerting.Rotas;

/// <summary>Who is on duty when (<i>astreinte</i>): shifts that recur, each with the people who take turns, and what differs from them on given days.</summary>
/// <remarks>
/// Shifts are written in the wall time of <see cref="TimeZone"/>. A shift lasts until the wall clock shows its end, so the night when clocks change is one hour
/// shorter or longer. A wall time that does not exist (clocks go forward) means the first moment after the gap; one that occurs twice (clocks go back)
/// means the first of the two. Starts and ends follow the same rule, so shifts that meet on the wall clock meet in fact: no gap, no overlap.
/// </remarks>
public sealed partial record Rota
{
    public required RotaId Id { get; init; }

    public required string Name { get; init; }

    /// <summary>IANA time zone (<c>Europe/Paris</c>).</summary>
    public required string TimeZone { get; init; }

    public required IReadOnlyList<ShiftPattern> Shifts { get; init; }

    /// <summary>The later in the list wins where two say something of the same person at the same moment.</summary>
    public IReadOnlyList<RotaOverride> Overrides { get; init; } = [];
}

/// <summary>How long one turn's unit is.</summary>
public enum ShiftCadence
{
    /// <summary>A shift each day; turns are counted in days.</summary>
    Daily,

    /// <summary>Shifts on the <see cref="ShiftPattern.Days"/> of each week; turns are counted in weeks, which begin on the anchor's weekday.</summary>
    Weekly,
}

/// <summary>A shift that recurs, and the people who take turns at it.</summary>
public sealed record ShiftPattern
{
    /// <summary>Stable within the rota: 1 to 32 characters of a-z, 0-9 and '-'.</summary>
    public required string Key { get; init; }

    /// <summary>The first day of the first turn. Nothing recurs before it.</summary>
    public required DateOnly Anchor { get; init; }

    public required ShiftCadence Cadence { get; init; }

    /// <summary>Weekly only: on which days a shift starts; empty means the anchor's weekday.</summary>
    public IReadOnlyList<DayOfWeek> Days { get; init; } = [];

    /// <summary>Wall time at which it starts.</summary>
    public required TimeOnly StartsAt { get; init; }

    /// <summary>Wall time at which it ends, <see cref="EndsAfterDays"/> days after the day on which it started.</summary>
    public required TimeOnly EndsAt { get; init; }

    /// <summary>0: the same day. 1: overnight or around the clock. 7: for a week. At most 31.</summary>
    public int EndsAfterDays { get; init; }

    /// <summary>How many days (daily) or weeks (weekly) one person's turn lasts.</summary>
    public int PeriodsPerTurn { get; init; } = 1;

    /// <summary>Who takes turns, in order, again from the first after the last. One person is always that person.</summary>
    public required IReadOnlyList<PersonId> Turns { get; init; }

    /// <summary>The last day on which a shift starts, or null: it goes on.</summary>
    public DateOnly? LastDay { get; init; }
}

/// <summary>What differs from the pattern from <see cref="From"/> to <see cref="Until"/> (excluded).</summary>
public sealed record RotaOverride
{
    public required DateTimeOffset From { get; init; }

    public required DateTimeOffset Until { get; init; }

    /// <summary>
    /// Who is replaced wherever the pattern puts them, or null: <see cref="Person"/> is on duty in addition. It names who is in the pattern, not
    /// a replacement, so two people swap by two overrides.
    /// </summary>
    public PersonId? Replaces { get; init; }

    /// <summary>Who is on duty instead; null: nobody takes the place.</summary>
    public PersonId? Person { get; init; }
}
