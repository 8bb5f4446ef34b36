export interface OnDutyPerson {
  readonly rotaId: string;
  readonly rotaName: string;
  readonly personId: string;
  readonly name: string;
  readonly functionName: string | null;
  readonly phone: string | null;
  readonly until: string;
}

export interface NamedThing {
  readonly id: string;
  readonly name: string;
  /** How many people it comes to, where the server says so. */
  readonly people?: number;
}

export interface NamedGroup extends NamedThing {
  readonly parentId: string | null;
}

export interface PersonSummary {
  readonly id: string;
  readonly name: string;
  readonly siteName: string | null;
  readonly jobTitle: string | null;
}
