export interface AuditEntry {
  readonly seq: number;
  readonly at: string;
  /** `account:ID`, `token:ID`, `system` or `nobody`. */
  readonly actor: string;
  readonly actorName: string;
  /** The address it came from; absent for what the server did by itself. */
  readonly origin?: string | null;
  readonly action: string;
  /** What it was done to: `alert:ID`. */
  readonly subject?: string | null;
  /** JSON, as it was hashed. */
  readonly detail: string;
  readonly hash: string;
}

export interface AuditPage {
  readonly entries: readonly AuditEntry[];
  /** To give as `before` for the next page; absent on the last. */
  readonly next?: number | null;
}

export interface AuditIntegrity {
  readonly entries: number;
  /** The last record's hash: it proves the whole trail up to it. */
  readonly head?: string | null;
  /** The first record that is not what was written; absent where all is whole. */
  readonly brokenAt?: number | null;
}
