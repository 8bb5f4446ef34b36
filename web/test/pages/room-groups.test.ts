import type { Browser } from 'playwright-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startBrowser } from './browser';
import { bruno, judge, said, TwoPeople, write } from './fixtures/two-people';

const phone = { language: 'fr', theme: 'dark', width: 390 } as const;
const desktop = { language: 'en', theme: 'light', width: 1440 } as const;
/** As the scripted directory has it; in a real one an id is a UUID. */
const group = '01932b7c-0000-7000-8000-0000000000c1';

let browser: Browser;
let people: TwoPeople;

beforeAll(async () => {
  browser = await startBrowser();
});

beforeEach(async () => {
  people = await TwoPeople.start(browser);
  const groups = { items: [{ id: group, name: 'Cellule de crise' }], next: null };
  people.claires.on('GET /api/v1/groups', groups);
  people.rooms.changePeople(group, new Map([[bruno, 'Bruno Keller']]));
});

afterEach(() => people.stop());

describe('a room that is open to a whole group', () => {
  it('is_found_by_its_people_who_ask_and_are_brought_in_and_out_by_an_administrator_who_reads_the_names', async () => {
    const hers = await people.open(people.claires, desktop);
    await hers.getByRole('button', { name: 'New room' }).click();
    await hers.getByLabel('Name of the room').fill('Production');
    await hers.getByLabel('Open to a whole group of the directory').selectOption({ label: 'Cellule de crise' });
    await judge(hers, 'room-of-group-new');
    await hers.getByRole('button', { name: 'Begin the room' }).click();
    await hers.getByRole('heading', { name: 'Production' }).waitFor();
    await hers.getByText('Opened to the group “Cellule de crise” by you.').waitFor();

    // Bruno is of the group: he finds the room without its name, and asks.
    const his = await people.open(people.brunos, phone);
    await his.getByText('Un salon du groupe « Cellule de crise »').waitFor();
    expect(await his.getByText('Production').count()).toBe(0);
    await judge(his, 'rooms-of-groups-fr');
    await his.getByRole('button', { name: /Demander à entrer/ }).click();
    await his.getByText('Vous avez demandé à entrer').waitFor();
    await judge(his, 'rooms-of-groups-asked-fr');

    // Nobody comes in before somebody who reads the names says so.
    await hers.getByText('1 person of the group “Cellule de crise” is not in this room yet').waitFor();
    await hers.getByText('1 person asks to come in.').waitFor();
    await hers.getByText('Bruno Keller', { exact: true }).waitFor();
    await judge(hers, 'room-of-group-in');
    await hers.getByRole('button', { name: 'Bring 1 person in' }).click();
    await hers.getByText('Added by you: Bruno Keller.').waitFor();
    await his.getByRole('link', { name: /Production/ }).click();
    await write(his, 'Here I am');
    await said(hers, 'Here I am');

    // He leaves the group: she is asked, and keeps him; the next time she takes him out.
    people.rooms.changePeople(group, new Map());
    await hers.getByText('1 member is no longer in the group “Cellule de crise”').waitFor();
    await judge(hers, 'room-of-group-out');
    await hers.getByRole('button', { name: 'Keep in the room' }).click();
    await hers.getByText('1 member is no longer in the group').waitFor({ state: 'detached' });
    await hers.getByRole('button', { name: 'Settings' }).click();
    await hers.getByText('This room is open to the group “Cellule de crise”').waitFor();
    await judge(hers, 'room-of-group-settings');
    await hers.getByRole('button', { name: 'Stop following a group' }).click();
    await hers.getByLabel('Open to a whole group of the directory').waitFor();
    await hers.keyboard.press('Escape');
    await hers.getByText('No longer open to a group, as you decided.').waitFor();
  });

  it('takes_out_who_has_left_the_group_and_follows_no_other_than_the_room_says', async () => {
    const hers = await people.open(people.claires, desktop);
    await people.open(people.brunos, phone).then((page) => page.close());
    await hers.getByRole('button', { name: 'New room' }).click();
    await hers.getByLabel('Name of the room').fill('Production');
    await hers.getByLabel('Open to a whole group of the directory').selectOption({ label: 'Cellule de crise' });
    await hers.getByRole('button', { name: 'Begin the room' }).click();
    await hers.getByRole('button', { name: 'Bring 1 person in' }).click();
    await hers.getByRole('button', { name: '2 members' }).waitFor();
    people.rooms.changePeople(group, new Map());
    await hers.getByRole('button', { name: 'Take 1 person out' }).click();
    await hers.getByText('Removed by you: Bruno Keller').waitFor();

    // A server that compares with another group is not followed.
    const [room = ''] = [...people.rooms.groups.keys()];
    const other = '01932b7c-0000-7000-8000-0000000000c2';
    people.rooms.groups.set(room, { group: other, asked: new Set() });
    people.rooms.changePeople(other, new Map([[bruno, 'Bruno Keller']]));
    await hers.getByText('The server does not show this room to the group “Cellule de crise”').waitFor();
    await judge(hers, 'room-of-group-hidden');
    expect(await hers.getByRole('button', { name: /Bring/ }).count()).toBe(0);
  });
});
