import { accountHex } from '../../../core/devices/account-bytes';
import { t, useTexts } from '../../../core/i18n/i18n.svelte';
import { openRoom } from '../../../core/rooms/rooms-here';
import type { Bulletin, BulletinSummary } from '../../../transport/contract/bulletins';
import { localized } from '../localized';

/** What a bulletin is called in the log of the crisis that it is part of. */
type Linked = Pick<Bulletin | BulletinSummary, 'id' | 'number'> & { readonly title: BulletinSummary['title'] };

/**
 * Says in a crisis' leading room that a bulletin is part of it; the server learns nothing of that. Waits for the line, like all that is written.
 * @returns False where this browser cannot write there.
 */
export async function linkBulletin(crisis: string, { id, number, title }: Linked): Promise<boolean> {
  const [room] = await Promise.all([openRoom(crisis), useTexts('crises')]);
  if (room === null || room.crisis === null || !room.isAdministrator || !room.mayBeWrittenIn) return false;
  const said = t('crisis.said.bulletin', { number, title: localized(title) });
  const text = room.crisis.mode === 'exercise' ? `${t('exercise.word')} · ${said}` : said;
  await room.write({ kind: 'crisis-bulletin', bulletin: accountHex(id), statement: { type: 'action', text, at: new Date().toISOString() } });
  return true;
}
