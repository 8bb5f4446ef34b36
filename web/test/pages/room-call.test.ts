import type { Browser } from 'playwright-core';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Meeting } from '../../src/features/common/meetings/meetings-api';
import { startBrowser } from './browser';
import { beginWithBruno, judge, TwoPeople } from './fixtures/two-people';
import type { ReceivedRequest } from './scripted-server';

let browser: Browser;
let people: TwoPeople;

beforeAll(async () => {
  browser = await startBrowser();
});

beforeEach(async () => {
  people = await TwoPeople.start(browser);
});

afterEach(() => people.stop());

it.each([{ language: 'fr' }, { language: 'en' }] as const)(
  'a_room_is_called_in_one_tap_and_its_members_join_in_one_in_$language',
  async ({ language }) => {
    const say = (french: string, english: string): string => (language === 'fr' ? french : english);
    const his = await people.open(people.brunos, { language, theme: 'light', width: 390 });
    const hers = await people.open(people.claires, { language: 'en', theme: 'light', width: 1440 });
    let sent: unknown;
    let call: Meeting | undefined;
    people.claires.on('POST /api/v1/rooms/*/call', ({ path, body }: ReceivedRequest) => {
      sent = body;
      call = {
        id: '01932b7c-0000-7000-8000-00000000d009',
        title: 'Call of a room',
        alertId: null,
        roomId: path.split('/')[4] ?? '',
        openTo: 'invited',
        isLocked: false,
        hasWaitingRoom: false,
        openedBy: 'Claire Fontaine',
        openedAt: '2026-11-22T08:30:00Z',
        endedAt: null,
        isHost: true,
        participantCount: 1,
      };
      return { body: call };
    });
    for (const server of [people.claires, people.brunos]) {
      server.on('GET /api/v1/meetings', () => ({ body: { items: call === undefined ? [] : [call] } }));
      server.on('GET /api/v1/meetings/*', () => ({ body: call }));
    }
    await beginWithBruno(hers, 'Water in the basement');
    await his.getByRole('link', { name: 'Water in the basement' }).click();
    await his.getByRole('button', { name: say('Appeler les membres', 'Call the members') }).waitFor();
    await judge(his, `room-call-none-${language}`);

    await hers.getByRole('button', { name: 'Call the members' }).click();
    await hers.waitForURL('**/meetings/01932b7c-0000-7000-8000-00000000d009');
    // What the room is called stays in its members' browsers.
    expect(sent).toEqual({ title: 'Call of a room' });

    people.brunos.hub.publish('meeting.opened', { meetingId: call?.id, alertId: null });
    await his.getByText(say('Un appel est en cours dans ce salon', 'A call is under way in this room')).waitFor();
    await his.getByText(say('1 personne y est', '1 person is there')).waitFor();
    await judge(his, `room-call-${language}`);
    expect(await his.getByRole('link', { name: say('Rejoindre l’appel', 'Join the call') }).getAttribute('href')).toBe(`/meetings/${call?.id}`);
  },
);
