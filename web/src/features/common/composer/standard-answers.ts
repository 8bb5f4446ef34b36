import type { AnswerChoice } from '../../../transport/contract/content';

/** The four answers that need no thinking, in the order in which they are offered. The words are part of messages, so of both languages. */
export const standardAnswers: readonly AnswerChoice[] = [
  { key: 'safe', meaning: 'safe', label: { fr: 'Je suis en sécurité', en: "I'm safe" } },
  { key: 'need-help', meaning: 'need-help', label: { fr: "J'ai besoin d'aide", en: 'I need help' } },
  { key: 'coming', meaning: 'coming', label: { fr: "J'arrive", en: "I'm coming" } },
  { key: 'not-available', meaning: 'not-available', label: { fr: 'Pas disponible', en: 'Not available' } },
];
