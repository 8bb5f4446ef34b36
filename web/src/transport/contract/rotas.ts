export type Weekday = 'monday' | 'tuesday' | 'wednesday' | 'thursday' | 'friday' | 'saturday' | 'sunday';

/** Wall times `HH:mm`, days `yyyy-MM-dd`, in the rota's time zone. */
export interface ShiftPattern {
  readonly key: string;
  readonly anchor: string;
  readonly cadence: 'daily' | 'weekly';
  readonly days: readonly Weekday[];
  readonly startsAt: string;
  readonly endsAt: string;
  readonly endsAfterDays: number;
  readonly periodsPerTurn: number;
  readonly turns: readonly string[];
  readonly lastDay?: string | null;
}

export interface RotaOverride {
  readonly from: string;
  readonly until: string;
  readonly replaces?: string | null;
  readonly person?: string | null;
}

export interface DutyPerson {
  readonly id: string;
  readonly name: string;
  readonly active: boolean;
}

export interface RotaSummary {
  readonly id: string;
  readonly name: string;
  readonly timeZone: string;
  readonly version: number;
  readonly onDuty: readonly DutyPerson[];
  readonly nextHandOver?: string | null;
}

export interface RotaDetail {
  readonly id: string;
  readonly name: string;
  readonly timeZone: string;
  readonly version: number;
  readonly shifts: readonly ShiftPattern[];
  readonly overrides: readonly RotaOverride[];
  readonly named: readonly DutyPerson[];
}

export interface DutyAssignment {
  readonly from: string;
  readonly until: string;
  readonly person: string;
  readonly shiftKey?: string | null;
  readonly replaces?: string | null;
}

export interface DutyInterval {
  readonly from: string;
  readonly until: string;
}

export interface RotaSchedule {
  readonly id: string;
  readonly assignments: readonly DutyAssignment[];
  readonly gaps: readonly DutyInterval[];
  readonly overlaps: readonly DutyInterval[];
  readonly named: readonly DutyPerson[];
  readonly unavailable: readonly string[];
}

export interface RotaInput {
  readonly name: string;
  readonly timeZone: string;
  readonly shifts: readonly ShiftPattern[];
  readonly overrides: readonly RotaOverride[];
}
