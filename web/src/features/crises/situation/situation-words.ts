import { newIdHex } from '../../../core/devices/account-bytes';
import { language, t } from '../../../core/i18n/i18n.svelte';
import { describeClock, describeDay, describeExactly } from '../../../core/i18n/time';
import { parseInline, variablesIn } from '../../../core/markdown/markdown';
import { decisionsIn, type InRoom, linesIn, openTasksIn } from '../../../core/rooms/crisis/crisis-overview';
import type { KnownCrisis } from '../../../core/rooms/crisis/known-crises';
import type { LogLine } from '../../../core/rooms/log/log-view';
import { plainLine } from '../../../core/rooms/plans/plan-use';
import type { OpenRoom } from '../../../core/rooms/rooms.svelte';
import { longestText } from '../../../core/rooms/room-content';
import { longestSectionText, type SituationPart, type SituationSection } from '../../../core/rooms/situation/situation-content';
import {
  carriedOver,
  type Filling,
  fillingNamed,
  fittingItems,
  itemOf,
  type ListFilling,
  sectionsOf,
} from '../../../core/rooms/situation/situation-template';
import { partsOf, type PublishedReport } from '../../../core/rooms/situation/situation-view';
import { isOverdue, type Task } from '../../../core/rooms/tasks/task-view';
import { foldForSearch } from '../../../core/search-fold';
import { nameIn } from '../../common/rooms/room-names';
import { reportTemplates } from '../../common/plans/report-templates';
import { calledIn, roomWord, withMode } from '../crisis-words';

/** Room for what a section says beside its list. */
const longestList = longestSectionText - 500;
const minutesOfAnHour = 60;

/** How often: "every 2 h". */
export function rhythmInWords(minutes: number | null): string {
  if (minutes === null) return t('situation.rhythm.none');
  if (minutes === minutesOfAnHour) return t('situation.rhythm.hour');
  return minutes % minutesOfAnHour === 0
    ? t('situation.rhythm.hours', { n: minutes / minutesOfAnHour })
    : t('situation.rhythm.minutes', { n: minutes });
}

/** The template that the next report begins from: the plan's, or a standard one in the language of the reports before. */
export function templateOf(crisis: KnownCrisis): { readonly text: string; readonly plan: string | null } {
  const plan = crisis.leading?.room.library.plans[0]?.latest.what;
  if (plan !== undefined && plan.report.trim() !== '') return { text: plan.report, plan: plan.title };
  const before = new Set(crisis.leading?.room.situation.published.at(-1)?.parts.map(({ heading }) => foldForSearch(heading)));
  const known = (['fr', 'en'] as const).find(
    (one) => sectionsOf(reportTemplates[one], () => '', '').filter(({ heading }) => before.has(foldForSearch(heading))).length > before.size / 2,
  );
  return { text: reportTemplates[known ?? language()], plan: null };
}

/** The next report as it begins. @param rooms From which facts, decisions and tasks are taken. */
export function firstSections(crisis: KnownCrisis, rooms: readonly OpenRoom[], now: number): readonly SituationSection[] {
  const { text } = templateOf(crisis);
  const last = crisis.leading?.room.situation.published.at(-1);
  const sections = sectionsOf(text, (filling) => valueOf(filling, crisis, rooms, text, now), t('situation.untitled'));
  const parts = last === undefined ? sections : carriedOver(sections, partsOf(last));
  const whole = parts.length > 0 ? parts : [{ heading: t('situation.untitled'), text: '' }];
  return whole.map(({ heading, text: words }) => ({ id: newIdHex(), heading, text: words }));
}

/** Items of a list that a text does not have yet, and how many there was no room for. */
export function missingItems(filling: ListFilling, crisis: KnownCrisis, rooms: readonly OpenRoom[], text: string, now: number): readonly string[] {
  const present = new Set(text.split('\n').map((line) => line.trim()));
  return itemsOf(filling, crisis, rooms, now).filter((item) => !present.has(item));
}

function valueOf(filling: Filling, crisis: KnownCrisis, rooms: readonly OpenRoom[], template: string, now: number): string {
  const { view } = crisis;
  const situation = crisis.leading?.room.situation;
  switch (filling) {
    case 'facts':
    case 'decisions':
    case 'overdue-tasks':
      return asList(filling, itemsOf(filling, crisis, rooms, now));
    case 'open-tasks': {
      const asksForOverdue = variablesIn(template).some((name) => fillingNamed(name) === 'overdue-tasks');
      const overdue = asksForOverdue ? new Set(itemsOf('overdue-tasks', crisis, rooms, now)) : undefined;
      return asList(
        filling,
        itemsOf(filling, crisis, rooms, now).filter((item) => overdue?.has(item) !== true),
      );
    }
    case 'severity':
      return view === undefined ? '' : t(`severity.${view.severity}`);
    case 'status':
      return view === undefined ? '' : t(`crisis.status.${view.closing === null ? view.status : 'closed'}`);
    case 'number':
      return String((situation?.published.length ?? 0) + 1);
    case 'time':
      return whenInWords(now);
    case 'next': {
      const minutes = situation?.rhythm?.minutes ?? null;
      return minutes === null ? t('situation.fill.onDemand') : whenInWords(now + minutes * 60_000);
    }
  }
}

function itemsOf(filling: ListFilling, crisis: KnownCrisis, rooms: readonly OpenRoom[], now: number): readonly string[] {
  switch (filling) {
    case 'facts':
      return lineItems(
        crisis,
        linesIn(rooms).filter(({ of }) => of.latest.statement.type !== 'decision'),
      );
    case 'decisions':
      return lineItems(crisis, decisionsIn(rooms));
    case 'open-tasks':
      return openTasksIn(rooms, now).map((task) => taskItem(crisis, rooms, task, now));
    case 'overdue-tasks':
      return openTasksIn(rooms, now)
        .filter(({ of }) => isOverdue(of, now))
        .map((task) => taskItem(crisis, rooms, task, now));
  }
}

/** What the last report cannot have, in the order in which it happened. */
function lineItems(crisis: KnownCrisis, lines: readonly InRoom<LogLine>[]): readonly string[] {
  const situation = crisis.leading?.room.situation;
  const last = situation?.published.at(-1);
  const told = new Set(last?.parts.flatMap(({ text }) => text.split('\n').map((line) => line.trim())));
  return lines
    .filter(({ of }) => situation?.lines.has(of.id) !== true && (last === undefined || of.latest.enteredAt >= last.begunAt))
    .map(({ room, of }) => {
      const { at, text } = of.latest.statement;
      return itemOf(`${whenInWords(Date.parse(at))} · ${text} (${roomWord(crisis, room)})`);
    })
    .filter((item) => !told.has(item))
    .reverse();
}

function taskItem(crisis: KnownCrisis, rooms: readonly OpenRoom[], { room, of: task }: InRoom<Task>, now: number): string {
  const view = rooms.find(({ id }) => id === room)?.view;
  const words = [
    ...(isOverdue(task, now) ? [t('situation.fill.overdue')] : []),
    task.title,
    task.owner === null || view === undefined ? t('tasks.owner.none') : nameIn(view, task.owner),
    ...(task.due === null ? [] : [t('situation.fill.due', { time: whenInWords(Date.parse(task.due)) })]),
  ];
  return itemOf(`${words.join(' · ')} (${roomWord(crisis, room)})`);
}

/** Of lines of the log the latest are kept, of tasks those that come first. */
function asList(filling: ListFilling, items: readonly string[]): string {
  const areLines = filling === 'facts' || filling === 'decisions';
  const { text, leftOut } = fittingItems(areLines ? items : [...items].reverse(), longestList);
  const fitting = areLines ? text : text.split('\n').reverse().join('\n');
  return leftOut === 0 ? fitting : `${fitting}\n${itemOf(t('situation.fill.earlier', { n: leftOut }))}`;
}

/** With its day, for it is read on another: "22 Nov 02:14". */
function whenInWords(at: number): string {
  const date = new Date(at);
  return `${describeDay(date, date, language())} ${describeClock(date, language())}`;
}

export function approvalInWords(room: OpenRoom, { approver }: Pick<PublishedReport, 'approver'>): string {
  return approver === null ? t('situation.alone.title') : t('situation.approved', { name: calledIn(room, approver) });
}

/** The report as a message for those who are in a cell only. */
export function messageOf(crisis: KnownCrisis, room: OpenRoom, report: Pick<PublishedReport, 'number' | 'at' | 'approver' | 'parts'>): string {
  const title = t('situation.message', {
    n: report.number,
    time: describeExactly(new Date(report.at), language()),
    approval: approvalInWords(room, report),
  });
  const parts = report.parts.map(({ heading, text }) => `${plainLine(heading, {})}\n${plainText(text) || t('situation.section.empty')}`);
  const whole = [withMode(crisis.mode, title), ...parts].join('\n\n');
  const more = `…\n\n${t('situation.message.more')}`;
  return whole.length <= longestText ? whole : `${whole.slice(0, longestText - more.length)}${more}`;
}

/** Without the signs of Markdown that stand within lines. */
function plainText(text: string): string {
  return text
    .split('\n')
    .map((line) => (parseInline(line).every(({ kind }) => kind === 'text' || kind === 'strong' || kind === 'emphasis') ? plainLine(line, {}) : line))
    .join('\n')
    .trim();
}

/** One section, line by line. */
export function linesOfPart({ heading, text }: SituationPart): readonly string[] {
  return [`## ${heading}`, ...(text === '' ? [] : text.split('\n'))];
}

/** All that a report says, line by line: what two reports are compared by. */
export function linesOfParts(parts: readonly SituationPart[]): readonly string[] {
  return parts.flatMap((part, at) => [...(at === 0 ? [] : ['']), ...linesOfPart(part)]);
}
