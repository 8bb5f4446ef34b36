export interface AuditEntry {
  readonly seq: number;
  readonly at: string;
  readonly actor: string;
  readonly actorName: string;
  readonly origin?: string | null;
  readonly action: string;
  readonly subject?: string | null;
}

export interface AuditPage {
  readonly entries: readonly AuditEntry[];
  readonly next?: number | null;
}

export interface AuditIntegrity {
  readonly entries: number;
  readonly head?: string | null;
  readonly brokenAt?: number | null;
}
