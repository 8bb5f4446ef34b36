import { checklistIn, fillIn, parseInline, variablesIn, wordsOf } from '../../markdown/markdown';
import { foldForSearch } from '../../search-fold';
import type { RoomContent } from '../room-content';
import { fillingNamed } from '../situation/situation-template';
import { longestStep, longestTitle, mostSteps, type TaskContent } from '../tasks/task-content';
import { type ActionCard, longestDocument, type Plan, type PlannedCell } from './plan-content';
import { inUse, type KeptCard, type KeptPlan, type PlanLibrary } from './plan-view';

/** By variable. One that is empty is not filled in. */
export type FilledIn = Readonly<Record<string, string>>;

/** Cards that a cell's plan names and that are in use, in its order. */
export function cardsOf(cell: PlannedCell, library: PlanLibrary): readonly KeptCard[] {
  const offered = inUse(library.cards);
  return cell.cards.flatMap((id) => offered.find((card) => card.id === id) ?? []);
}

/** All that is to be filled in when a plan is used: of itself, its first tasks, its cards and its situation report, without what each report takes from the crisis. */
export function variablesOf(plan: Plan, library: PlanLibrary): readonly string[] {
  const texts = [
    plan.text,
    ...plan.cells.flatMap((cell) => [...cell.tasks.map(({ title }) => title), ...cardsOf(cell, library).map(({ latest }) => latest.what.text)]),
  ];
  const ofReport = variablesIn(plan.report).filter((name) => fillingNamed(name) === undefined);
  return [...new Set([...texts.flatMap(variablesIn), ...ofReport])];
}

/** What is written into a cell that is opened from a plan: its cards, then its first tasks. @param owner Account in hexadecimal of who leads the cell. @param openedAt Unix milliseconds. */
export function firstContentsOf(
  cell: PlannedCell,
  library: PlanLibrary,
  { values, owner, openedAt }: { readonly values: FilledIn; readonly owner: string | null; readonly openedAt: number },
): readonly RoomContent[] {
  return [
    ...cardsOf(cell, library).map((card) => copyOf(card, values)),
    ...cell.tasks.map(({ title, minutes, urgent }): RoomContent => ({
      kind: 'task',
      task: {
        title: plainLine(title, values).slice(0, longestTitle),
        state: 'to-do',
        owner,
        // What is to be done at once would be overdue before anybody has read it: it is urgent instead.
        due: minutes === null || minutes === 0 ? null : new Date(openedAt + minutes * 60_000).toISOString(),
        urgent: urgent ?? minutes === 0,
      },
    })),
  ];
}

/** A card as it was when it was used, under the id that it has in its library. */
export function copyOf({ id, latest }: KeptCard, values: FilledIn): RoomContent {
  return { kind: 'card', of: id, card: filledIn(latest.what, values), after: null };
}

/** The plan as it was when it was used, for everybody of the crisis. */
export function copyOfPlan({ id, latest }: KeptPlan, values: FilledIn): RoomContent {
  const valueOf = valueIn(values);
  const ofReport = fillIn(latest.what.report, (name) => (fillingNamed(name) === undefined ? valueOf(name) : undefined));
  const report = within(ofReport, latest.what.report);
  return { kind: 'plan', of: id, plan: { ...filledIn(latest.what, values), report }, after: null };
}

/** Lines of a card that are to be ticked off, as they would be called as tasks. */
export function linesToDo({ text }: Pick<ActionCard, 'text'>, values: FilledIn): readonly string[] {
  return checklistIn(text, valueIn(values)).map((line) => line.slice(0, longestTitle));
}

export function taskOf(line: string): TaskContent {
  return { kind: 'task', task: { title: line.slice(0, longestTitle), state: 'to-do', owner: null, due: null, urgent: false } };
}

/** The whole card as one task, its lines to be ticked off within it. */
export function taskOfCard(card: ActionCard, values: FilledIn): TaskContent {
  const steps = linesToDo(card, values)
    .slice(0, mostSteps)
    .map((line) => line.slice(0, longestStep));
  return { kind: 'task', task: { title: plainLine(card.title, values), state: 'to-do', owner: null, due: null, urgent: false }, steps };
}

/** One line in words, what is not filled in between brackets. */
export function plainLine(line: string, values: FilledIn): string {
  return wordsOf(parseInline(line), valueIn(values));
}

/** Of functions by what they are called in any language, the one that a plan names. */
export function functionNamed<Named extends { readonly name: string; readonly nameFr: string | null; readonly nameEn: string | null }>(
  functions: readonly Named[],
  name: string,
): Named | undefined {
  const wanted = foldForSearch(name).trim();
  return functions.find((one) => [one.name, one.nameFr, one.nameEn].some((called) => called !== null && foldForSearch(called).trim() === wanted));
}

function filledIn<Of extends ActionCard>(card: Of, values: FilledIn): Of {
  return { ...card, text: within(fillIn(card.text, valueIn(values)), card.text) };
}

/** What has become too long stays to be filled in by hand: a card that is refused helps nobody. */
function within(filled: string, written: string): string {
  return filled.length <= longestDocument ? filled : written;
}

export function valueIn(values: FilledIn): (name: string) => string | undefined {
  return (name) => values[name]?.trim() || undefined;
}
