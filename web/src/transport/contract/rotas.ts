import type { components } from './generated';

/** Wall times `HH:mm`, days `yyyy-MM-dd`, in the rota's time zone. What may be left out when it is sent, the server always writes. */
type Schemas = components['schemas'];

export type Weekday = Schemas['DayOfWeek'];
export type ShiftPattern = Required<Omit<Schemas['ShiftPattern'], 'lastDay'>> & Pick<Schemas['ShiftPattern'], 'lastDay'>;
export type RotaOverride = Schemas['RotaOverride'];
export type DutyPerson = Schemas['DutyPerson'];
export type RotaSummary = Schemas['RotaSummary'];
export type RotaDetail = Omit<Schemas['RotaDetail'], 'shifts'> & { readonly shifts: readonly ShiftPattern[] };
export type DutyAssignment = Schemas['DutyAssignment'];
export type DutyInterval = Required<Schemas['DutyInterval']>;
export type RotaSchedule = Omit<Schemas['RotaSchedule'], 'gaps' | 'overlaps'> & {
  readonly gaps: readonly DutyInterval[];
  readonly overlaps: readonly DutyInterval[];
};
/** Whole: none of it is left to a default. */
export type RotaInput = Omit<{ readonly [Key in keyof Schemas['RotaInput']]: NonNullable<Schemas['RotaInput'][Key]> }, 'shifts'> & {
  readonly shifts: readonly ShiftPattern[];
};
