import type { ApiError } from '../transport/api-error';

export interface LateRefusal {
  readonly id: number;
  readonly label: string;
  readonly error: ApiError;
}

/** What was written offline and refused when it arrived. Stays on the page until the person has read it. */
class Refusals {
  private count = 0;
  list = $state.raw<readonly LateRefusal[]>([]);

  add(label: string, error: ApiError): void {
    this.list = [...this.list, { id: ++this.count, label, error }];
  }

  dismiss(id: number): void {
    this.list = this.list.filter((refusal) => refusal.id !== id);
  }
}

export const refusals = new Refusals();
