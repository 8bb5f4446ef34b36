import type { audit as french } from '../fr/audit';
import type { Translated } from '../message';

export const audit: Translated<typeof french> = {
  'audit.lead': 'Who did what, when and from where. Nothing in it can be changed unseen.',
  'audit.at': 'When',
  'audit.who': 'Who',
  'audit.what': 'What',
  'audit.subject': 'About',
  'audit.origin': 'From',
  'audit.none': 'Nothing yet',
  'audit.check': 'Check integrity',
  'audit.whole': { one: 'The trail is whole: {n} entry checked.', other: 'The trail is whole: {n} entries checked.' },
  'audit.head': 'Fingerprint to note elsewhere: {hash}',
  'audit.broken': 'The trail was altered',
  'audit.broken.text': 'Entry {seq} is not what was written. Keep a backup and tell your security officer.',
  'audit.export': 'Export',
};
