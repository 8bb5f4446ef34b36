import type { InjectAnswer, InjectKind } from '../../core/rooms/exercises/script-content';
import type { AnswerChoice, ChannelKind } from '../../transport/contract/content';
import { standardAnswers } from '../common/composer/standard-answers';

const channels: Partial<Readonly<Record<InjectKind, ChannelKind>>> = { sms: 'sms', mail: 'email' };

/** By which an inject of this kind leaves as an alert; undefined where it never does. */
export function channelOf(kind: InjectKind): ChannelKind | undefined {
  return channels[kind];
}

/** What the players of an exercise can be asked for, in the order in which it is offered: that a message was received, and the answers of any alert. */
export const injectChoices: readonly (AnswerChoice & { readonly key: InjectAnswer })[] = [
  { key: 'received', meaning: 'other', label: { fr: 'Bien reçu', en: 'Received' } },
  ...standardAnswers.flatMap((choice) => (choice.meaning === 'other' ? [] : [{ ...choice, key: choice.meaning }])),
];

/** As alerts take them. */
export function choicesOf(answers: readonly InjectAnswer[] = []): readonly AnswerChoice[] {
  return injectChoices.filter(({ key }) => answers.includes(key));
}
