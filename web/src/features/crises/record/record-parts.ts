import { t } from '../../../core/i18n/i18n.svelte';
import { goersOf } from '../../../core/rooms/calls/call-view';
import type { RecordBlock } from '../../../core/rooms/crisis/crisis-record';
import type { CrisisView } from '../../../core/rooms/crisis/crisis-view';
import { contactsByTime } from '../../../core/rooms/stakeholders/stakeholder-view';
import type { Bulletin } from '../../../transport/contract/bulletins';
import { localized } from '../../common/localized';
import { callsInOrder, goerName, stayInWords } from '../../common/rooms/call-words';
import { sizeInWords } from '../../common/rooms/file-words';
import { nameIn } from '../../common/rooms/room-names';
import { calledIn, roomWord } from '../crisis-words';
import { lawOf, momentInWords, stepName } from '../reporting/reporting-words';
import { toldOf, ownedBy } from '../stakeholders/stakeholder-words';
import type { RecordedCrisis } from './record';
import type { FromServer, RecordSources } from './record-sources';

/** What a crisis did beside its log: reports, contacts, submissions, its alert, calls, bulletins, files. */

export function situationSection({ leading }: RecordedCrisis): readonly RecordBlock[] {
  return leading.situation.published.flatMap(({ number, at, publisher, author, approver, parts }): readonly RecordBlock[] => {
    const approval = approver === null ? t('record.report.alone') : t('record.report.approved', { name: calledIn(leading, approver) });
    return [
      { kind: 'heading', text: t('situation.number', { n: number }) },
      {
        kind: 'soft',
        text: t('record.report.meta', {
          time: momentInWords(at),
          publisher: calledIn(leading, publisher),
          author: calledIn(leading, author),
          approval,
        }),
      },
      { kind: 'facts', rows: parts.map(({ heading, text }) => [heading, text.trim() === '' ? t('record.nothing') : text]) },
    ];
  });
}

export function stakeholderSection({ leading }: RecordedCrisis): readonly RecordBlock[] {
  return leading.stakeholders.flatMap((one): readonly RecordBlock[] => {
    const rows = contactsByTime(one).map(({ latest, earlier }) => {
      const { contact, author } = latest;
      const versions = [...earlier, latest];
      return [
        momentInWords(contact.at),
        [
          [toldOf(contact), ...(contact.who === '' ? [] : [t('record.contact.who', { name: contact.who })])].join(' '),
          contact.said,
          ...(contact.promised === '' ? [] : [t('record.contact.promised', { text: contact.promised })]),
          ...versions.slice(1).flatMap((version, at) => [
            t('record.corrected', {
              time: momentInWords(version.enteredAt),
              name: calledIn(leading, version.author),
              reason: version.reason ?? '',
            }),
            t('record.before', { text: versions[at]?.contact.said ?? '' }),
          ]),
        ].join('\n'),
        calledIn(leading, author),
      ];
    });
    return [
      { kind: 'heading', text: `${one.name} · ${t(`stakeholders.kind.${one.kind}`)}` },
      { kind: 'soft', text: [ownedBy(leading, one), one.stake].filter(Boolean).join(' · ') },
      rows.length === 0
        ? { kind: 'soft', text: t('record.contact.none') }
        : { kind: 'table', head: [t('record.when'), t('record.what'), t('record.who')], shares: [24, 54, 22], rows },
    ];
  });
}

export function reportingSection({ leading }: RecordedCrisis): readonly RecordBlock[] {
  return leading.reporting.flatMap((duty): readonly RecordBlock[] => [
    { kind: 'heading', text: `${lawOf(duty.regime)} · ${duty.authority}` },
    {
      kind: 'soft',
      text: [
        t('record.aware', { time: momentInWords(duty.awareAt) }),
        ...(duty.classifiedAt === null ? [] : [t('record.classified', { time: momentInWords(duty.classifiedAt) })]),
        ...(duty.owed ? [] : [t('record.notOwed')]),
      ].join(' · '),
    },
    {
      kind: 'table',
      head: [t('record.report'), t('record.deadline'), t('record.submitted')],
      shares: [28, 28, 44],
      rows: duty.reports.map(({ step, due, submissions }) => [
        stepName(step),
        due === null ? '–' : momentInWords(new Date(due).toISOString()),
        submissions.length === 0
          ? t('record.submitted.not')
          : submissions
              .map(({ at, author, reference }) => {
                const said = { time: momentInWords(at), name: calledIn(leading, author) };
                return reference === null ? t('record.submitted.at', said) : t('record.submitted.reference', { ...said, reference });
              })
              .join('\n'),
      ]),
    },
  ]);
}

function absent(from: Exclude<FromServer<unknown>, { readonly kind: 'given' }> | undefined): RecordBlock {
  return { kind: 'soft', text: t(from?.kind === 'refused' ? 'record.noAccess' : 'record.notLoaded') };
}

export function alertSection(sources: RecordSources | undefined): readonly RecordBlock[] {
  const from = sources?.alert;
  if (from === null) return [];
  if (from?.kind !== 'given') return [absent(from)];
  const { alert, standings, answers, deliveries } = from.value;
  const reached = Object.entries(standings) as readonly (readonly [keyof typeof standings, number])[];
  const counted = (rows: readonly (readonly [string, number])[], head: string): RecordBlock => ({
    kind: 'table',
    head: [head, t('record.count')],
    shares: [70, 30],
    rows: rows.map(([word, count]) => [word, String(count)]),
  });
  return [
    { kind: 'heading', text: localized(alert.title) },
    { kind: 'text', text: localized(alert.body) },
    {
      kind: 'facts',
      rows: [
        [t('record.alert.raised'), momentInWords(alert.raisedAt)],
        [t('record.alert.by'), alert.raisedBy],
        [t('record.alert.people'), String(alert.recipients)],
        [t('record.alert.answered'), String(alert.answered)],
        [t('record.alert.needHelp'), String(alert.needHelp)],
      ],
    },
    counted(
      reached.filter(([, count]) => count > 0).map(([standing, count]) => [t(`standing.${standing}`), count]),
      t('record.alert.standing'),
    ),
    ...(answers.length === 0
      ? []
      : [
          counted(
            answers.map(({ key, count }) => {
              const choice = alert.answers.find((one) => one.key === key);
              return [choice === undefined ? key : localized(choice.label), count];
            }),
            t('record.alert.answers'),
          ),
        ]),
    ...(deliveries.length === 0
      ? []
      : [
          counted(
            deliveries.map(({ channel, state, count }) => [`${t(`channel.${channel}`)} · ${t(`delivery.${state}`)}`, count]),
            t('record.alert.channels'),
          ),
        ]),
  ];
}

export function callSection({ crisis, rooms }: RecordedCrisis): readonly RecordBlock[] {
  const calls = [...callsInOrder(rooms, (room) => roomWord(crisis, room.id))].reverse();
  if (calls.length === 0) return [];
  const rows = calls.map(({ room, word, call }) => [
    `${momentInWords(call.from)}\n${word}`,
    goersOf(call)
      .map((goer) => {
        const stays = goer.visits.map((visit) => stayInWords(room.view, visit, new Date(call.from))).join(', ');
        return t('record.goer', { name: goerName(room.view, goer), stays });
      })
      .join('\n'),
  ]);
  return [{ kind: 'table', head: [t('record.call'), t('record.presence')], shares: [28, 72], rows }];
}

export function bulletinSection({ bulletins }: CrisisView, sources: RecordSources | undefined): readonly RecordBlock[] {
  if (bulletins.length === 0) return [];
  if (sources === undefined) return [absent(undefined)];
  return sources.bulletins.flatMap(({ id, from }) => {
    if (from.kind === 'given') return bulletinBlocks(from.value);
    return [from.kind === 'refused' ? { kind: 'soft' as const, text: t('record.bulletin.unknown', { id }) } : absent(from)];
  });
}

function bulletinBlocks({ number, versions, sent, readers, readersOfPublished }: Bulletin): readonly RecordBlock[] {
  const [latest] = versions;
  return [
    { kind: 'heading', text: t('record.bulletin', { number, title: latest === undefined ? '' : localized(latest.draft.title) }) },
    {
      kind: 'soft',
      text: t('record.bulletin.sent', { sent: sent.sent, waiting: sent.waiting, failed: sent.failed, readers, current: readersOfPublished }),
    },
    {
      kind: 'table',
      head: [t('record.bulletin.version'), t('record.bulletin.written'), t('record.bulletin.approvals'), t('record.bulletin.published')],
      shares: [10, 40, 25, 25],
      rows: [...versions]
        .reverse()
        .map(({ version, draft, author, writtenAt, approvals, publishedAt, publishedBy }) => [
          String(version),
          [`${momentInWords(writtenAt)}, ${author}`, localized(draft.title), localized(draft.body)].join('\n'),
          approvals.map(({ name, at }) => `${name}, ${momentInWords(at)}`).join('\n') || t('record.nothing'),
          publishedAt === null ? t('record.bulletin.notPublished') : [momentInWords(publishedAt), publishedBy ?? ''].filter(Boolean).join(', '),
        ]),
    },
  ];
}

export function fileSection({ crisis, rooms }: RecordedCrisis): readonly RecordBlock[] {
  const rows = rooms.flatMap(({ id, view }) =>
    view.timeline.flatMap((one) => {
      if (one.kind !== 'message' || one.message.file === null) return [];
      const { file, at, author } = one.message;
      return [[`${file.name}\n${roomWord(crisis, id)}`, sizeInWords(file.size), `${momentInWords(at)}\n${nameIn(view, author)}`]];
    }),
  );
  if (rows.length === 0) return [];
  return [{ kind: 'table', head: [t('record.file'), t('record.size'), t('record.who')], shares: [55, 15, 30], rows }];
}
