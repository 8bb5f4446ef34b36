import type { AlertMode, Severity } from '../../../transport/contract/content';

/** What the first page says of a crisis; apart from rooms, so that it does not wait for their cryptography. */
export interface CrisisUnderWay {
  readonly id: string;
  readonly name: string;
  readonly mode: AlertMode;
  /** Null for who is in a cell only. */
  readonly severity: Severity | null;
  readonly since: string | null;
}

class CrisesUnderWay {
  /** Those that this person is in and that are not closed. */
  list = $state.raw<readonly CrisisUnderWay[]>([]);
}

export const crisesUnderWay = new CrisesUnderWay();
