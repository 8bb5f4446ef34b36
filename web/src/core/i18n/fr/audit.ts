import type { Dictionary } from '../message';

export const audit = {
  'audit.lead': 'Qui a fait quoi, quand et d’où. Rien ne peut y être changé sans que cela se voie.',
  'audit.at': 'Quand',
  'audit.who': 'Qui',
  'audit.what': 'Quoi',
  'audit.subject': 'Sur quoi',
  'audit.origin': 'D’où',
  'audit.none': 'Rien encore',
  'audit.check': 'Vérifier l’intégrité',
  'audit.whole': { one: 'Le journal est intact : {n} entrée vérifiée.', other: 'Le journal est intact : {n} entrées vérifiées.' },
  'audit.head': 'Empreinte à noter ailleurs : {hash}',
  'audit.broken': 'Le journal a été altéré',
  'audit.broken.text': 'L’entrée {seq} n’est pas celle qui avait été écrite. Conservez une sauvegarde et prévenez votre responsable de la sécurité.',
  'audit.export': 'Exporter',
} as const satisfies Dictionary;
