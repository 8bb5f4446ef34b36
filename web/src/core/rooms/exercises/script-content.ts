import { utf8 } from '../../../e2ee/bytes';
import { isId, isObject, isWords, parseAll } from '../content-shapes';

/** An exercise as it is prepared: what it is to show, and a timeline of injects. The field's words are those of ISO 22398. */

/** How an inject reaches the players. */
export const injectKinds = ['message', 'call', 'mail', 'sms', 'social-post', 'document', 'media'] as const;
export type InjectKind = (typeof injectKinds)[number];

export const scriptLanguages = ['fr', 'en'] as const;
export type ScriptLanguage = (typeof scriptLanguages)[number];

/** What makes an inject due. Minutes are of the exercise's time: from its beginning, or from when the condition came true. */
export type Trigger =
  | { readonly on: 'time'; readonly minutes: number }
  /** Another inject was fired. */
  | { readonly on: 'inject'; readonly of: string; readonly minutes: number }
  /** Somebody said of an objective how far it was met. */
  | { readonly on: 'objective'; readonly of: string; readonly minutes: number }
  /** The players' log has a decision, or their tasks one that is done, with all of these words. */
  | { readonly on: 'decision' | 'task'; readonly words: string; readonly minutes: number }
  | { readonly on: 'hand' };

export const triggerKinds = ['time', 'inject', 'objective', 'decision', 'task', 'hand'] as const satisfies readonly Trigger['on'][];

/** What players can be asked to answer where an inject leaves as an alert: the answers of any alert, and that it was received. */
export const injectAnswers = ['received', 'safe', 'need-help', 'coming', 'not-available'] as const;
export type InjectAnswer = (typeof injectAnswers)[number];

export interface Objective {
  readonly id: string;
  readonly text: string;
}

/** What the players should do. @property minutes Within so many of the inject; null where it has no time. */
export interface ExpectedReaction {
  readonly text: string;
  readonly minutes: number | null;
}

export interface Inject {
  readonly id: string;
  readonly title: string;
  readonly kind: InjectKind;
  readonly trigger: Trigger;
  /** Who it is from, in the play, and whom it is for. */
  readonly from: string;
  readonly to: string;
  /** What the players read, or what the animator says on the telephone. */
  readonly text: string;
  readonly expected: ExpectedReaction | null;
  /** Ids of the objectives that it serves. */
  readonly objectives: readonly string[];
  /** Offered where it leaves as an alert, and never empty: without, it asks for nothing and nobody's time is known. */
  readonly answers?: readonly InjectAnswer[];
}

export interface ExerciseScript {
  readonly title: string;
  /** In which it is played. */
  readonly language: ScriptLanguage;
  /** What players are told before it begins: the situation, the rules. */
  readonly briefing: string;
  readonly objectives: readonly Objective[];
  readonly injects: readonly Inject[];
  /** Out of use: kept, and no longer offered. */
  readonly retired?: true;
}

/** In characters. */
export const longestScriptTitle = 120;
export const longestBriefing = 4000;
export const longestObjective = 300;
export const longestInjectTitle = 120;
export const longestInjectText = 2000;
export const longestPart = 120;
export const longestReaction = 500;
export const longestTriggerWords = 120;
export const mostObjectives = 20;
export const mostInjects = 100;
/** A week, in minutes: what lasts longer is played as several. */
export const longestMinutes = 10_080;
/** Of a script as an entry, in bytes: an entry holds little more. */
const longestEncoded = 200_000;

/** @returns Null for what is malformed, or names one thing twice. */
export function parseScript(value: unknown): ExerciseScript | null {
  if (!isObject(value)) return null;
  const { title, briefing, retired } = value;
  const language = scriptLanguages.find((one) => one === value['language']);
  const objectives = parseAll(value['objectives'], mostObjectives, parseObjective);
  const injects = parseAll(value['injects'], mostInjects, parseInject);
  if (!isWords(title, longestScriptTitle) || language === undefined || !isTextUpTo(briefing, longestBriefing)) return null;
  if (objectives === null || injects === null || !areDistinct(objectives) || !areDistinct(injects)) return null;
  return { title, language, briefing, objectives, injects, ...(retired === true ? { retired } : {}) };
}

/** @returns Null for what is malformed. */
export function parseInject(value: unknown): Inject | null {
  if (!isObject(value)) return null;
  const { id, title, from, to, text, expected } = value;
  const kind = injectKinds.find((one) => one === value['kind']);
  const trigger = parseTrigger(value['trigger']);
  const reaction = expected === null ? null : parseReaction(expected);
  const objectives = parseAll(value['objectives'], mostObjectives, (one) => (isId(one) ? one : null));
  if (!isId(id) || !isWords(title, longestInjectTitle) || kind === undefined || trigger === null || objectives === null) return null;
  if (!isTextUpTo(from, longestPart) || !isTextUpTo(to, longestPart) || !isTextUpTo(text, longestInjectText)) return null;
  if (reaction === null && expected !== null) return null;
  const answers = parseAll(value['answers'] ?? [], injectAnswers.length, (one) => injectAnswers.find((known) => known === one) ?? null);
  if (answers === null || new Set(answers).size !== answers.length) return null;
  return { id, title, kind, trigger, from, to, text, expected: reaction, objectives, ...(answers.length > 0 ? { answers } : {}) };
}

export function isMinutes(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= longestMinutes;
}

/** Whether it can be kept: each text may be within its bound and all of them together too much. */
export function fitsEntry(script: ExerciseScript): boolean {
  return utf8(JSON.stringify(script)).length <= longestEncoded;
}

function parseObjective(value: unknown): Objective | null {
  if (!isObject(value)) return null;
  const { id, text } = value;
  return isId(id) && isWords(text, longestObjective) ? { id, text } : null;
}

function parseTrigger(value: unknown): Trigger | null {
  if (!isObject(value)) return null;
  const { on, of, words, minutes } = value;
  switch (on) {
    case 'hand':
      return { on };
    case 'time':
      return isMinutes(minutes) ? { on, minutes } : null;
    case 'inject':
    case 'objective':
      return isId(of) && isMinutes(minutes) ? { on, of, minutes } : null;
    case 'decision':
    case 'task':
      return isWords(words, longestTriggerWords) && isMinutes(minutes) ? { on, words, minutes } : null;
    default:
      return null;
  }
}

function parseReaction(value: unknown): ExpectedReaction | null {
  if (!isObject(value)) return null;
  const { text, minutes } = value;
  return isWords(text, longestReaction) && (minutes === null || isMinutes(minutes)) ? { text, minutes } : null;
}

function areDistinct(parts: readonly { readonly id: string }[]): boolean {
  return new Set(parts.map(({ id }) => id)).size === parts.length;
}

function isTextUpTo(value: unknown, longest: number): value is string {
  return typeof value === 'string' && value.length <= longest;
}
