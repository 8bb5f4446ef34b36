import { isId, isMoment, isWords } from '../content-shapes';

/** A task of a room: who does what by when. Kept as entries of the room, so that who asked for what and who said that it is done stands signed. */
export const taskStates = ['to-do', 'under-way', 'done', 'given-up'] as const;
export type TaskState = (typeof taskStates)[number];

/** What a task is. A change names what is different; what it does not name stays. */
export interface TaskFields {
  readonly title: string;
  readonly state: TaskState;
  /** Account in hexadecimal; null for nobody yet. */
  readonly owner: string | null;
  /** In UTC as ISO 8601; null where it has no time. */
  readonly due: string | null;
  /** To be done before the others. */
  readonly urgent: boolean;
}

export type TaskContent =
  /** @property steps What it consists of, to be ticked off. @property from The message that it was made from. */
  | { readonly kind: 'task'; readonly task: TaskFields; readonly steps?: readonly string[]; readonly from?: string }
  | { readonly kind: 'task-change'; readonly of: string; readonly change: Partial<TaskFields> }
  /** One more thing to tick off. */
  | { readonly kind: 'task-step'; readonly of: string; readonly text: string }
  /** @property step Its place, from 0. */
  | { readonly kind: 'task-tick'; readonly of: string; readonly step: number; readonly done: boolean }
  | { readonly kind: 'task-comment'; readonly of: string; readonly text: string }
  /** Whether anybody is reminded of it at its time: not while its crisis is closed. */
  | { readonly kind: 'task-reminding'; readonly of: string; readonly reminds: boolean };

/** In characters. */
export const longestTitle = 300;
export const longestStep = 300;
export const longestComment = 4000;
export const mostSteps = 50;

/** @returns Null for what is malformed, or belongs to no task. */
export function parseTaskContent({
  kind,
  task,
  change,
  steps,
  from,
  of,
  step,
  done,
  text,
  reminds,
}: Readonly<Record<string, unknown>>): TaskContent | null {
  if (kind === 'task') {
    const fields = parseFields(task);
    if (fields === null || !isWhole(fields) || !isSteps(steps)) return null;
    return { kind, task: fields, ...(steps === undefined ? {} : { steps }), ...(isId(from) ? { from } : {}) };
  }
  if (!isId(of)) return null;
  switch (kind) {
    case 'task-change': {
      const fields = parseFields(change);
      return fields === null ? null : { kind, of, change: fields };
    }
    case 'task-step':
      return isWords(text, longestStep) ? { kind, of, text } : null;
    case 'task-tick':
      return typeof step === 'number' && Number.isInteger(step) && step >= 0 && step < mostSteps && typeof done === 'boolean'
        ? { kind, of, step, done }
        : null;
    case 'task-comment':
      return isWords(text, longestComment) ? { kind, of, text } : null;
    case 'task-reminding':
      return typeof reminds === 'boolean' ? { kind, of, reminds } : null;
    default:
      return null;
  }
}

/** A field that is wrong makes all of it wrong: half a change is none that somebody asked for. */
function parseFields(value: unknown): Partial<TaskFields> | null {
  if (typeof value !== 'object' || value === null) return null;
  const { title, state, owner, due, urgent } = value as Record<string, unknown>;
  const known = taskStates.find((one) => one === state);
  const isRight =
    (title === undefined || isWords(title, longestTitle)) &&
    (state === undefined || known !== undefined) &&
    (owner === undefined || owner === null || isId(owner)) &&
    (due === undefined || due === null || isMoment(due)) &&
    (urgent === undefined || typeof urgent === 'boolean');
  if (!isRight) return null;
  return {
    ...(title === undefined ? {} : { title }),
    ...(known === undefined ? {} : { state: known }),
    ...(owner === undefined ? {} : { owner }),
    ...(due === undefined ? {} : { due }),
    ...(urgent === undefined ? {} : { urgent }),
  };
}

function isWhole(fields: Partial<TaskFields>): fields is TaskFields {
  return (
    fields.title !== undefined && fields.state !== undefined && fields.owner !== undefined && fields.due !== undefined && fields.urgent !== undefined
  );
}

function isSteps(value: unknown): value is readonly string[] | undefined {
  return value === undefined || (Array.isArray(value) && value.length <= mostSteps && value.every((one) => isWords(one, longestStep)));
}
