import { may } from '../../core/access';
import { t, textFor } from '../../core/i18n/i18n.svelte';

import type { AuditEntry } from '../../transport/contract/audit';

/** What was done, in words; the recorded code where we have none. */
export function describeAction(action: string): string {
  return textFor(`audit.action.${action}`) ?? action;
}

export function describeActor(entry: AuditEntry): string {
  if (entry.actor === 'system') return t('audit.actor.system');
  if (entry.actor === 'nobody') return t('audit.actor.nobody');
  return entry.actorName || entry.actor;
}

/** What a record is about: its kind in words, and enough of its number to tell two of them apart. */
export function describeSubject(subject: string): string {
  const [kind = '', id = ''] = subject.split(':', 2);
  const word = textFor(`audit.subject.${kind}`) ?? kind;
  return id ? `${word} …${id.slice(-6)}` : word;
}

/** The page that shows it, where there is one that this person may open. */
export function subjectPage(subject: string): string | undefined {
  const [kind = '', id = ''] = subject.split(':', 2);
  const pages: Readonly<Record<string, string>> = {
    scenario: '/scenarios/',
    person: '/directory/people/',
    group: '/directory/groups/',
    rota: '/rotas/',
    ...(may('alerts.watch') ? { alert: '/alerts/' } : {}),
    ...(may('accounts.edit') ? { account: '/settings/accounts/' } : {}),
  };
  const page = pages[kind];
  return page && id ? page + encodeURIComponent(id) : undefined;
}

/** The recorded particulars, one a line; none for an empty record. */
export function describeDetail(detail: string): readonly string[] {
  let value: unknown;
  try {
    value = JSON.parse(detail);
  } catch {
    return detail ? [detail] : [];
  }
  if (value === null) return [];
  if (typeof value !== 'object') return [String(value)];
  return Object.entries(value)
    .filter(([, one]) => one !== null)
    .map(([name, one]) => `${name}: ${typeof one === 'string' ? one : JSON.stringify(one)}`);
}
