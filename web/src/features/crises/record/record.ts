import { language, t } from '../../../core/i18n/i18n.svelte';
import type { CrisisRecord, RecordBlock, RecordSection } from '../../../core/rooms/crisis/crisis-record';
import type { CrisisView } from '../../../core/rooms/crisis/crisis-view';
import type { KnownCrisis } from '../../../core/rooms/crisis/known-crises';
import { roomsOf } from '../../../core/rooms/crisis/known-crises';
import type { OpenRoom } from '../../../core/rooms/rooms.svelte';
import { cellName, roomWord } from '../crisis-words';
import { momentInWords } from '../reporting/reporting-words';
import { cellSection, decisionSection, summarySection, taskSection, timelineSection } from './record-course';
import { alertSection, bulletinSection, callSection, fileSection, reportingSection, situationSection, stakeholderSection } from './record-parts';
import type { RecordSources } from './record-sources';

/** A crisis of which this person reads at least the leading room. */
export interface RecordedCrisis {
  readonly crisis: KnownCrisis;
  readonly view: CrisisView;
  readonly leading: OpenRoom;
  /** The leading one first. */
  readonly rooms: readonly OpenRoom[];
}

export const recordSections = [
  'summary',
  'cells',
  'timeline',
  'decisions',
  'tasks',
  'situation',
  'stakeholders',
  'reporting',
  'alert',
  'calls',
  'bulletins',
  'files',
  'origin',
] as const;
export type RecordSectionId = (typeof recordSections)[number];

/** Null for who is in cells only: they know too little of the crisis for a report of it. */
export function recordable(crisis: KnownCrisis): RecordedCrisis | null {
  const { view, leading } = crisis;
  return view === undefined || leading === undefined ? null : { crisis, view, leading: leading.room, rooms: roomsOf(crisis) };
}

/** @param sources Undefined while they are on their way. @param author Who makes it, and when. */
export function recordOf(
  given: RecordedCrisis,
  sources: RecordSources | undefined,
  author: { readonly name: string; readonly at: Date },
  chosen: ReadonlySet<RecordSectionId> = new Set(recordSections),
): CrisisRecord {
  const { crisis, view } = given;
  const build: Readonly<Record<RecordSectionId, () => readonly RecordBlock[]>> = {
    summary: () => summarySection(given),
    cells: () => cellSection(given),
    timeline: () => timelineSection(given),
    decisions: () => decisionSection(given),
    tasks: () => taskSection(given),
    situation: () => situationSection(given),
    stakeholders: () => stakeholderSection(given),
    reporting: () => reportingSection(given),
    alert: () => alertSection(sources),
    calls: () => callSection(given),
    bulletins: () => bulletinSection(view, sources),
    files: () => fileSection(given),
    origin: () => originSection(given, author),
  };
  const made = t('record.made', { name: author.name, time: momentInWords(author.at.toISOString()) });
  return {
    language: language(),
    title: t('record.title', { name: crisis.name }),
    mark: crisis.mode === 'exercise' ? t('exercise.word') : null,
    made,
    page: t('record.page'),
    sections: recordSections
      .filter((id) => chosen.has(id))
      .map((id): RecordSection => {
        const blocks = build[id]();
        return { id, title: t(`record.section.${id}`), blocks: blocks.length > 0 ? blocks : [{ kind: 'soft', text: t('record.nothing') }] };
      }),
  };
}

function originSection({ crisis, rooms }: RecordedCrisis, author: { readonly name: string; readonly at: Date }): readonly RecordBlock[] {
  const missing = crisis.cells.filter(({ row, told }) => row === undefined && told !== undefined).map(cellName);
  return [
    {
      kind: 'facts',
      rows: [
        [t('record.origin.by'), author.name],
        [t('record.origin.at'), momentInWords(author.at.toISOString())],
        ...(missing.length > 0 ? [[t('record.origin.missing'), missing.join(', ')] as const] : []),
      ],
    },
    { kind: 'text', text: t('record.origin.text') },
    {
      kind: 'table',
      head: [t('record.origin.room'), t('record.origin.entries'), t('record.origin.hash')],
      shares: [30, 12, 58],
      rows: rooms.map((room) => [`${roomWord(crisis, room.id)}\n${room.id}`, String(room.head), room.headHash]),
    },
  ];
}
