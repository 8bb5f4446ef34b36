import type { components } from './generated';

type Schemas = components['schemas'];

export type PeopleImport = Schemas['ImportView'];
export type PeopleImportState = PeopleImport['state'];
export type ImportProgress = Schemas['ImportProgressView'];
export type PeopleImportAction = Schemas['PeopleImportAction'];

/** One field of somebody, before and after. Null: nothing. */
export interface ImportedField {
  readonly field: string;
  readonly before?: string | null;
  readonly after?: string | null;
}

/** Why a line is refused: which field, empty for the whole line, and the code. */
export interface ImportLineRefusal {
  readonly field: string;
  readonly code: string;
}

/** The contract says of `outcome` only that it is JSON: its form follows from the action. */
type ImportLineOf<Action extends PeopleImportAction, Outcome> = Omit<Schemas['ImportLineView'], 'action' | 'outcome'> & {
  readonly action: Action;
  readonly outcome: readonly Outcome[];
};

export type ImportLine = ImportLineOf<'refuse', ImportLineRefusal> | ImportLineOf<Exclude<PeopleImportAction, 'refuse'>, ImportedField>;
