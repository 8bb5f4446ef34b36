/**
 * What the law wants reported, to whom and by when. Directive (EU) 2022/2555 (NIS 2), article 23(4); Regulation (EU) 2022/2554 (DORA), article 19, with Delegated Regulation (EU) 2025/301, article 5;
 * Regulation (EU) 2016/679 (GDPR), article 33. Times are counted to the minute from the moment that is named: Regulation (EEC, Euratom) No 1182/71 ends a period with its last hour or day, so what is
 * shown here is never later than what the law allows.
 */
export const regimes = ['nis2', 'dora', 'gdpr'] as const;
export type Regime = (typeof regimes)[number];

export const reportSteps = ['early-warning', 'notification', 'initial', 'intermediate', 'final'] as const;
export type ReportStep = (typeof reportSteps)[number];

/** What a report says, point by point. */
export const reportFields = [
  'entity',
  'summary',
  'unlawful',
  'crossBorder',
  'criteria',
  'continuity',
  'impact',
  'indicators',
  'state',
  'cause',
  'measures',
  'resolved',
  'costs',
  'people',
  'consequences',
] as const;
export type ReportField = (typeof reportFields)[number];

/** From which moment a time counts: one that was noted, or the submission of an earlier report (of several, the latest). */
export type Anchor = 'aware' | 'classified' | ReportStep;

export interface Term {
  readonly from: Anchor;
  readonly hours?: number;
  readonly months?: number;
}

export interface StepRule {
  readonly step: ReportStep;
  /** Where it stands in the text. */
  readonly article: string;
  /** The earliest of those that are known counts; none where it is owed when it is asked for. */
  readonly terms: readonly Term[];
  /** Owed each time that the authority asks. */
  readonly onRequest?: true;
  readonly fields: readonly ReportField[];
}

export interface RegimeRule {
  readonly regime: Regime;
  /** The text, as it is cited. */
  readonly citation: string;
  /** Whether only what somebody has classified as major is reported. */
  readonly needsClassification: boolean;
  readonly steps: readonly StepRule[];
}

export const regimeRules: Readonly<Record<Regime, RegimeRule>> = {
  nis2: {
    regime: 'nis2',
    citation: 'Directive (EU) 2022/2555, art. 23',
    needsClassification: false,
    steps: [
      {
        step: 'early-warning',
        article: '23(4)(a)',
        terms: [{ from: 'aware', hours: 24 }],
        fields: ['entity', 'summary', 'unlawful', 'crossBorder'],
      },
      {
        step: 'notification',
        article: '23(4)(b)',
        terms: [{ from: 'aware', hours: 72 }],
        fields: ['entity', 'summary', 'impact', 'indicators', 'measures'],
      },
      { step: 'intermediate', article: '23(4)(c)', terms: [], onRequest: true, fields: ['entity', 'state', 'impact', 'measures'] },
      {
        step: 'final',
        article: '23(4)(d)',
        terms: [{ from: 'notification', months: 1 }],
        fields: ['entity', 'summary', 'impact', 'cause', 'measures', 'crossBorder'],
      },
    ],
  },
  dora: {
    regime: 'dora',
    citation: 'Regulation (EU) 2022/2554, art. 19; Delegated Regulation (EU) 2025/301, art. 5',
    needsClassification: true,
    steps: [
      {
        step: 'initial',
        article: '5(1)(a)',
        terms: [
          { from: 'classified', hours: 4 },
          { from: 'aware', hours: 24 },
        ],
        fields: ['entity', 'summary', 'criteria', 'crossBorder', 'continuity'],
      },
      {
        step: 'intermediate',
        article: '5(1)(b)',
        terms: [{ from: 'initial', hours: 72 }],
        fields: ['entity', 'state', 'impact', 'cause', 'indicators', 'measures'],
      },
      {
        step: 'final',
        article: '5(1)(c)',
        terms: [{ from: 'intermediate', months: 1 }],
        fields: ['entity', 'cause', 'measures', 'resolved', 'costs'],
      },
    ],
  },
  gdpr: {
    regime: 'gdpr',
    citation: 'Regulation (EU) 2016/679, art. 33',
    needsClassification: false,
    steps: [
      {
        step: 'notification',
        article: '33(1), 33(3)',
        terms: [{ from: 'aware', hours: 72 }],
        fields: ['entity', 'summary', 'people', 'consequences', 'measures'],
      },
    ],
  },
};

/** @returns Undefined where the regime knows no such report. */
export function ruleOf(regime: Regime, step: ReportStep): StepRule | undefined {
  return regimeRules[regime].steps.find((rule) => rule.step === step);
}

const millisecondsOfAnHour = 3_600_000;

/** So much after a moment, in Unix milliseconds. A month ends on the day of the same number or, where the month has none, on its last (Regulation 1182/71, article 3(2)(c)). */
export function after(moment: string, { hours = 0, months = 0 }: Pick<Term, 'hours' | 'months'>): number {
  const from = new Date(moment);
  const until = new Date(from);
  until.setUTCDate(1);
  until.setUTCMonth(from.getUTCMonth() + months);
  const last = new Date(Date.UTC(until.getUTCFullYear(), until.getUTCMonth() + 1, 0)).getUTCDate();
  until.setUTCDate(Math.min(from.getUTCDate(), last));
  return until.getTime() + hours * millisecondsOfAnHour;
}
