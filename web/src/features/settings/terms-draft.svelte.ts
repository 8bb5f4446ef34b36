import { type ClockUnit, clockOf, mostOf, type NationalClock, type NationalTerms } from '../../core/rooms/reporting/national-terms';
import { type Regime, regimeRules, type ReportStep } from '../../core/rooms/reporting/regimes';

export interface ClockDraft {
  readonly step: ReportStep;
  readonly from: NationalClock['from'];
  /** As the Union has it. */
  readonly usual: NationalClock;
  amount: string;
  unit: ClockUnit;
}

interface FieldDraft {
  readonly id: string;
  step: ReportStep;
  label: string;
}

export function isClockRight({ amount, unit }: Pick<ClockDraft, 'amount' | 'unit'>): boolean {
  return /^\d{1,4}$/.test(amount.trim()) && Number(amount) >= 1 && Number(amount) <= mostOf[unit];
}

/** What an administrator is writing of a law; what is as the Union has it is not kept. */
export class TermsDraft {
  authority = $state('');
  submitUrl = $state('');
  submitMail = $state('');
  submitPhone = $state('');
  citation = $state('');
  clocks = $state<ClockDraft[]>([]);
  fields = $state<FieldDraft[]>([]);

  constructor(
    private readonly regime: Regime,
    own: NationalTerms | undefined,
  ) {
    if (own !== undefined) {
      this.authority = own.authority;
      this.submitUrl = own.submitUrl;
      this.submitMail = own.submitMail;
      this.submitPhone = own.submitPhone;
      this.citation = own.citation;
      this.fields = own.fields.map((field) => ({ ...field }));
    }
    this.clocks = regimeRules[regime].steps.flatMap(({ step, terms }) =>
      terms.flatMap((term) => {
        const usual = clockOf(step, term);
        if (usual === undefined) return [];
        const set = own?.clocks.find((clock) => clock.step === step && clock.from === usual.from) ?? usual;
        return [{ step, from: usual.from, usual, amount: String(set.amount), unit: set.unit }];
      }),
    );
  }

  get isRight(): boolean {
    return this.clocks.every(isClockRight) && this.fields.every(({ label }) => label.trim() !== '');
  }

  get terms(): NationalTerms {
    const { authority, submitUrl, submitMail, submitPhone, citation } = this;
    const changed = this.clocks.filter(({ usual, amount, unit }) => Number(amount) !== usual.amount || unit !== usual.unit);
    return {
      authority: authority.trim(),
      submitUrl: submitUrl.trim(),
      submitMail: submitMail.trim(),
      submitPhone: submitPhone.trim(),
      citation: citation.trim(),
      clocks: changed.map(({ step, from, amount, unit }) => ({ step, from, amount: Number(amount), unit })),
      fields: this.fields.map(({ step, id, label }) => ({ step, id, label: label.trim() })),
    };
  }

  addField(): void {
    const [first] = regimeRules[this.regime].steps;
    if (first === undefined) return;
    const id = [...crypto.getRandomValues(new Uint8Array(6))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    this.fields.push({ id, step: first.step, label: '' });
  }

  removeField(id: string): void {
    this.fields = this.fields.filter((field) => field.id !== id);
  }
}
