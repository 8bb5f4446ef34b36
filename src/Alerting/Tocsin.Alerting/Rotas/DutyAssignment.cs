using System.Runtime.InteropServices;

namespace Tocsin.Alerting.Rotas;

/// <summary>One person is on duty from <see cref="From"/> to <see cref="Until"/> (excluded).</summary>
/// <param name="ShiftKey">The pattern that says so; null where an override put them in addition.</param>
/// <param name="Replaces">Whose turn it would have been, or null.</param>
public sealed record DutyAssignment(DateTimeOffset From, DateTimeOffset Until, PersonId Person, string? ShiftKey, PersonId? Replaces);

/// <summary>A stretch of time in which nobody, or more than one person, is on duty.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct DutyInterval(DateTimeOffset From, DateTimeOffset Until);

/// <summary>Who is on duty over a stretch of time.</summary>
/// <param name="Assignments">By start, then shift, then person. Cut at the ends of the stretch.</param>
/// <param name="Gaps">When nobody is on duty: shown as a coverage gap.</param>
/// <param name="Overlaps">When more than one person is. Meant where two shifts run side by side; a mistake otherwise.</param>
public sealed record DutySchedule(
    IReadOnlyList<DutyAssignment> Assignments,
    IReadOnlyList<DutyInterval> Gaps,
    IReadOnlyList<DutyInterval> Overlaps);

/// <summary>The moment at which those on duty change.</summary>
/// <param name="Outgoing">Who was on duty and no longer is.</param>
/// <param name="Incoming">Who was not on duty and now is. Empty: a coverage gap begins.</param>
public sealed record HandOver(DateTimeOffset At, IReadOnlyList<PersonId> Outgoing, IReadOnlyList<PersonId> Incoming);
