import { t } from '../../../core/i18n/i18n.svelte';
import type { CellSeat } from '../../../core/rooms/crisis/crisis-content';
import { decisionsIn, type InRoom, linesIn } from '../../../core/rooms/crisis/crisis-overview';
import type { RecordBlock } from '../../../core/rooms/crisis/crisis-record';
import { leaderOf } from '../../../core/rooms/crisis/crisis-view';
import { isOver } from '../../../core/rooms/crisis/known-crises';
import type { LogLine } from '../../../core/rooms/log/log-view';
import { nameIn } from '../../common/rooms/room-names';
import { calledIn, cellName, partName, roomWord } from '../crisis-words';
import { momentInWords } from '../reporting/reporting-words';
import type { RecordedCrisis } from './record';

/** What a crisis was, who held what, and how it went. */

export function summarySection({ crisis, view, leading }: RecordedCrisis): readonly RecordBlock[] {
  const { closing } = view;
  const checks = closing?.checks.map(({ text, done }) => t(done ? 'record.check.done' : 'record.check.not', { text })) ?? [];
  return [
    {
      kind: 'facts',
      rows: [
        [t('record.name'), crisis.name],
        [t('crisis.mode'), t(`crisis.mode.${view.mode}`)],
        [t('record.severity'), t(`severity.${view.severity}`)],
        [t('record.status'), t(`crisis.status.${isOver(crisis) ? 'closed' : view.status}`)],
        [t('record.since'), momentInWords(view.since)],
        [t('record.openedBy'), calledIn(leading, view.openedBy)],
        [t('record.ledBy'), calledIn(leading, leaderOf(view, null) ?? view.openedBy)],
        [t('record.people'), leading.members.map(({ account }) => calledIn(leading, account)).join(', ')],
        ...(closing === null
          ? []
          : [
              [
                t('record.closed'),
                [`${momentInWords(closing.at)}, ${calledIn(leading, closing.author)}`, closing.text, ...checks].join('\n'),
              ] as const,
            ]),
      ],
    },
    { kind: 'heading', text: t('record.course') },
    {
      kind: 'table',
      head: [t('record.when'), t('record.what'), t('record.who')],
      shares: [24, 54, 22],
      rows: view.events.map(({ at, text, author }) => [momentInWords(at), text, calledIn(leading, author)]),
    },
  ];
}

export function cellSection({ crisis, view, leading }: RecordedCrisis): readonly RecordBlock[] {
  const seat = ({ account, function: held, deputy }: CellSeat): string => {
    const name = calledIn(leading, account);
    if (held === undefined) return name;
    return t(deputy === true ? 'record.seat.deputy' : 'record.seat.function', { name, function: held });
  };
  const cells = crisis.cells.flatMap((cell): readonly RecordBlock[] => {
    const holder = leaderOf(view, cell.id);
    const people = cell.told?.people ?? [];
    return [
      { kind: 'heading', text: cellName(cell) },
      {
        kind: 'facts',
        rows: [
          ...(holder === undefined ? [] : [[t('record.cell.holder'), calledIn(leading, holder)] as const]),
          [t('record.people'), people.length > 0 ? people.map(seat).join('\n') : t('record.nothing')],
        ],
      },
      ...(cell.row === undefined ? [{ kind: 'soft' as const, text: t('record.cell.inaccessible') }] : []),
    ];
  });
  if (view.handOvers.length === 0) return cells;
  const rows = view.handOvers.map((one) => [
    momentInWords(one.at),
    [partName(crisis, one.cell), one.situation, ...one.open.map((text) => t('record.open', { text }))].join('\n'),
    [
      `${calledIn(leading, one.from)} → ${calledIn(leading, one.to)}`,
      one.takenAt === null ? t('record.notTaken') : t('record.takenAt', { time: momentInWords(one.takenAt) }),
    ].join('\n'),
  ]);
  return [
    ...cells,
    { kind: 'heading', text: t('record.handOvers') },
    { kind: 'table', head: [t('record.when'), t('record.what'), t('record.who')], shares: [22, 48, 30], rows },
  ];
}

export function timelineSection(given: RecordedCrisis): readonly RecordBlock[] {
  return lineTable(given, [...linesIn(given.rooms)].reverse());
}

export function decisionSection(given: RecordedCrisis): readonly RecordBlock[] {
  return lineTable(given, [...decisionsIn(given.rooms)].reverse());
}

function lineTable({ crisis, rooms }: RecordedCrisis, lines: readonly InRoom<LogLine>[]): readonly RecordBlock[] {
  if (lines.length === 0) return [];
  const rows = lines.map(({ room, of }) => {
    const view = rooms.find(({ id }) => id === room)?.view;
    const by = (account: string): string => (view ? nameIn(view, account) : '');
    const { statement, author, enteredAt } = of.latest;
    const details = [
      ...(statement.source === undefined ? [] : [t('record.source', { text: statement.source })]),
      ...(statement.reliability === undefined ? [] : [t('record.reliability', { text: t(`log.reliability.${statement.reliability}`) })]),
    ];
    const versions = [...of.earlier, of.latest];
    const corrections = versions
      .slice(1)
      .flatMap((version, at) => [
        t('record.corrected', { time: momentInWords(version.enteredAt), name: by(version.author), reason: version.reason ?? '' }),
        t('record.before', { text: versions[at]?.statement.text ?? '' }),
      ]);
    const [first] = versions;
    return [
      `${String(of.number)}\n${roomWord(crisis, room)}`,
      `${momentInWords(statement.at)}\n${t('record.entered', { time: momentInWords(first?.enteredAt ?? enteredAt) })}`,
      [`${t(`log.type.${statement.type}`)} · ${statement.text}`, ...details, ...corrections].join('\n'),
      by(first?.author ?? author),
    ];
  });
  return [{ kind: 'table', head: [t('record.line'), t('record.times'), t('record.what'), t('record.who')], shares: [15, 22, 46, 17], rows }];
}

export function taskSection({ crisis, rooms }: RecordedCrisis): readonly RecordBlock[] {
  const rows = rooms.flatMap(({ id, tasks, view }) =>
    tasks.map((task) => [
      `${String(task.number)}\n${roomWord(crisis, id)}`,
      [
        task.urgent ? `${t('record.urgent')} · ${task.title}` : task.title,
        ...task.steps.map(({ text, done }) => t(done ? 'record.step.done' : 'record.step.open', { text })),
      ].join('\n'),
      t(`tasks.state.${task.state}`),
      task.owner === null ? t('tasks.owner.none') : nameIn(view, task.owner),
      task.due === null ? '' : momentInWords(task.due),
    ]),
  );
  if (rows.length === 0) return [];
  const head = [t('record.line'), t('record.task'), t('record.state'), t('record.owner'), t('record.due')];
  return [{ kind: 'table', head, shares: [15, 37, 12, 18, 18], rows }];
}
