import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBrowser } from './browser';
import { beginWithBruno, judge, TwoPeople } from './fixtures/two-people';

const phone = { language: 'fr', theme: 'light', width: 390 } as const;
const desktop = { language: 'en', theme: 'dark', width: 1440 } as const;

let browser: Browser;
let two: TwoPeople;

beforeAll(async () => {
  browser = await startBrowser();
  two = await TwoPeople.start(browser);
});

afterAll(() => two.stop());

/** Along these points of the board's frame, in parts of its width and height. */
async function draw(page: Page, points: readonly (readonly [x: number, y: number])[]): Promise<void> {
  const box = await boardOf(page).boundingBox();
  if (box === null) throw new Error('the board is not shown');
  const [first, ...others] = points.map(([x, y]) => [box.x + x * box.width, box.y + y * box.height] as const);
  if (first === undefined) throw new RangeError('a line has a beginning');
  await page.mouse.move(...first);
  await page.mouse.down();
  for (const point of others) await page.mouse.move(...point, { steps: 4 });
  await page.mouse.up();
}

function boardOf(page: Page): Locator {
  return page.getByRole('group', { name: /^(The board|Le tableau)$/ });
}

/** Where something on the board is, in the window: its left upper corner, or where a line begins. */
async function placeOf(mark: Locator): Promise<readonly [x: number, y: number]> {
  const box = await mark.boundingBox();
  if (box === null) throw new Error('it is not shown');
  return [box.x, box.y];
}

/** Two fingers on the board, as a touch screen tells them. */
async function pinch(
  page: Page,
  from: readonly (readonly [x: number, y: number])[],
  to: readonly (readonly [x: number, y: number])[],
): Promise<void> {
  const line = await page.context().newCDPSession(page);
  const touchPoints = (part: number): { id: number; x: number; y: number }[] =>
    from.map(([x, y], id) => ({ id, x: x + ((to[id]?.[0] ?? x) - x) * part, y: y + ((to[id]?.[1] ?? y) - y) * part }));
  await line.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: touchPoints(0) });
  for (const part of [0.25, 0.5, 0.75, 1]) await line.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: touchPoints(part) });
  await line.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await line.detach();
}

function drawings(page: Page): Promise<number> {
  return page.locator('[data-drawn]').count();
}

/** What the list beside the board says, one line of each. */
function listed(page: Page, text: RegExp): Locator {
  return page.getByRole('listitem').filter({ hasText: text });
}

describe('the shared board of a room', () => {
  let his: Page;
  let hers: Page;

  it('is_drawn_on_by_two_at_once_who_both_see_both', async () => {
    his = await two.open(two.brunos, phone);
    hers = await two.open(two.claires, desktop);
    await beginWithBruno(hers, 'Flood in the basement');
    await his.getByRole('link', { name: /Flood in the basement/ }).click();
    await hers.getByRole('link', { name: 'Shared board' }).click();
    await his.getByRole('link', { name: 'Tableau partagé' }).click();
    await hers.getByText('No pin or note yet.').waitFor();
    await judge(hers, 'shared-board-empty');

    await hers.getByRole('button', { name: 'Draw', exact: true }).click();
    await his.getByRole('button', { name: 'Repère', exact: true }).click();
    await boardOf(his).click({ position: { x: 180, y: 140 } });
    await his.getByLabel('Nom du repère').fill('Fuite au sous-sol');
    await judge(his, 'shared-board-pin');
    await Promise.all([
      draw(hers, [
        [0.3, 0.3],
        [0.4, 0.6],
        [0.5, 0.3],
      ]),
      his.getByRole('button', { name: 'Placer', exact: true }).click(),
    ]);
    await listed(hers, /Incident: Fuite au sous-sol/).waitFor();
    await listed(his, /Incident\s: Fuite au sous-sol/).waitFor();
    await expect.poll(() => drawings(hers)).toBe(1);
    await expect.poll(() => drawings(his)).toBe(1);
    await his.getByText('Dessins (1)').waitFor();
    // Said aloud, once others have paused.
    await hers.getByRole('status').filter({ hasText: 'Bruno Keller added: Incident: Fuite au sous-sol' }).waitFor();
    await judge(his, 'shared-board-phone');

    await hers.getByRole('button', { name: 'Arrow', exact: true }).click();
    await hers.getByRole('button', { name: 'Colour: Orange' }).click();
    await draw(hers, [
      [0.6, 0.7],
      [0.45, 0.5],
    ]);
    await expect.poll(() => drawings(his)).toBe(2);
    // A colour has a name and dashes, wherever it is said or seen; the head of the arrow is whole.
    await hers.getByText('Colour: orange, dashes and dots.').waitFor();
    await his.getByText('Dessins (2)').click();
    await listed(his, /Flèche \(orange, tirets et points\)/).waitFor();
    const dashes = (line: Locator): Promise<string> => line.evaluate((one) => getComputedStyle(one).strokeDasharray);
    const arrow = his.locator('[data-drawn]').last();
    const pen = his.locator('[data-drawn]').first();
    expect(new Set([await dashes(arrow), await dashes(pen)]).size).toBe(2);
    expect(await dashes(arrow.locator('xpath=following-sibling::*[1]'))).toBe('none');
    await judge(his, 'shared-board-inks');
    await hers.getByRole('button', { name: 'Undo my step' }).click();
    await expect.poll(() => drawings(his)).toBe(1);
    await hers.getByRole('button', { name: 'Redo my step' }).click();
    await expect.poll(() => drawings(his)).toBe(2);
  });

  it('is_worked_on_without_pointing_and_cleared_and_brought_back', async () => {
    await hers.getByRole('button', { name: 'Add a pin or a note' }).click();
    await hers.getByLabel('What it is').selectOption('Note');
    await hers.getByLabel('Square of the grid').fill('K2');
    await hers.getByRole('button', { name: 'Place', exact: true }).click();
    await hers.getByText('Write the note.').waitFor();
    await hers.getByText('Give a square from A1 to J10.').waitFor();
    await hers.getByLabel('Text of the note').fill('Pumps arrive at 14:00');
    await hers.getByLabel('Square of the grid').fill('c 4');
    await judge(hers, 'shared-board-note');
    await hers.getByRole('button', { name: 'Place', exact: true }).click();
    await listed(his, /Pumps arrive at 14:00.*Case C4, par Claire Fontaine/).waitFor();

    // Both change the same pin: each has their way with what only they changed.
    await his.getByRole('button', { name: /^Modifier\s: Incident/ }).click();
    await his.getByLabel('Nom du repère').fill('Fuite maîtrisée');
    await hers.getByRole('button', { name: /^Edit: Incident/ }).click();
    await hers.getByLabel('What it is').selectOption('Danger');
    await Promise.all([his.getByRole('button', { name: 'Enregistrer' }).click(), hers.getByRole('button', { name: 'Save', exact: true }).click()]);
    for (const page of [his, hers]) await listed(page, /Danger\s?: Fuite maîtrisée/).waitFor();
    await judge(hers, 'shared-board-desktop');

    await hers.getByRole('button', { name: 'Clear the board' }).click();
    await hers.getByText('4 elements are removed, for all members of the room.').waitFor();
    await judge(hers, 'shared-board-clear');
    await hers.getByRole('dialog').getByRole('button', { name: 'Clear the board' }).click();
    await his.getByText('Aucun repère ni note pour l’instant.').waitFor();
    await hers.getByRole('button', { name: 'Undo my step' }).click();
    await listed(his, /Fuite maîtrisée/).waitFor();
    await expect.poll(() => drawings(his)).toBe(2);
  });

  it('moves_what_is_chosen_with_the_arrow_keys_as_one_entry_that_can_be_undone', async () => {
    await hers.getByRole('button', { name: /^Show: Danger: Fuite maîtrisée/ }).click();
    const board = boardOf(hers);
    await expect.poll(() => board.evaluate((frame) => frame === document.activeElement)).toBe(true);
    const danger = his.locator('.pin', { hasText: 'Fuite maîtrisée' });
    const before = await placeOf(danger);
    const [room] = [...two.rooms.rooms.rooms.keys()];
    if (room === undefined) throw new Error('there is a room');
    const entries = two.entriesOf(room).length;
    // In one breath, as a key that is held says them: however slow the machine, no pause lies between.
    await board.evaluate((frame) => {
      for (let press = 0; press < 4; press++) frame.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }));
      frame.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', shiftKey: true, bubbles: true }));
    });
    await hers
      .getByRole('status')
      .filter({ hasText: /Danger: Fuite maîtrisée: moved to square [A-J]\d+, [\d.]+% across/ })
      .waitFor();
    await expect.poll(async () => (await placeOf(danger))[1]).toBeGreaterThan(before[1]);
    const after = await placeOf(danger);
    // Four steps of 50 across, one stride of 500 down.
    expect((after[1] - before[1]) / (after[0] - before[0])).toBeCloseTo(500 / 200, 0);
    expect(two.entriesOf(room).length).toBe(entries + 1);
    await judge(hers, 'shared-board-moved');

    // A real key, and taken back before it was said.
    await board.focus();
    await hers.keyboard.press('Shift+ArrowLeft');
    await hers.keyboard.press('Control+z');
    await hers.keyboard.press('Control+z');
    await expect.poll(() => placeOf(danger)).toEqual(before);
    await hers.keyboard.press('Escape');
  });

  it('zooms_about_the_finger_and_the_wheel_and_is_never_dragged_out_of_sight', async () => {
    // A touch screen, in French, at the width of a phone.
    const pin = his.locator('.pin', { hasText: 'Fuite maîtrisée' });
    await boardOf(his).scrollIntoViewIfNeeded();
    await his.getByRole('button', { name: 'Tout voir' }).click();
    const [x, y] = (await placeOf(pin)).map((one) => one + 18) as [number, number];
    const note = his.locator('.note', { hasText: 'Pumps arrive' });
    const apart = async (): Promise<number> =>
      Math.hypot((await placeOf(note))[0] - (await placeOf(pin))[0], (await placeOf(note))[1] - (await placeOf(pin))[1]);
    const whole = await apart();
    await pinch(
      his,
      [
        [x - 30, y],
        [x + 30, y],
      ],
      [
        [x - 60, y],
        [x + 60, y],
      ],
    );
    const [left, top] = await placeOf(pin);
    expect(Math.hypot(left + 18 - x, top + 18 - y)).toBeLessThan(3);
    await expect.poll(apart).toBeGreaterThan(whole * 1.7);
    await judge(his, 'shared-board-pinched');

    // A wheel, about the pin.
    const hersPin = hers.locator('.pin', { hasText: 'Fuite maîtrisée' });
    await hers.getByRole('button', { name: 'Show all' }).click();
    const before = await placeOf(hersPin);
    await hers.mouse.move(before[0] + 18, before[1] + 18);
    const hersNote = hers.locator('.note', { hasText: 'Pumps arrive' });
    const noteBefore = await placeOf(hersNote);
    await hers.mouse.wheel(0, -300);
    await expect.poll(() => placeOf(hersNote)).not.toEqual(noteBefore);
    const after = await placeOf(hersPin);
    expect(Math.hypot(after[0] - before[0], after[1] - before[1])).toBeLessThan(2);

    // Dragged away thrice as far as it is wide: some of the sheet stays.
    await hers.getByRole('button', { name: 'Move', exact: true }).click();
    for (let times = 0; times < 4; times++)
      await draw(hers, [
        [0.7, 0.9],
        [0.05, 0.9],
      ]);
    const box = await boardOf(hers).boundingBox();
    const sheet = await hers.locator('svg .sheet').boundingBox();
    if (box === null || sheet === null) throw new Error('the board is shown');
    expect(sheet.x + sheet.width).toBeGreaterThan(box.x + 20);
    // By keyboard alone back to the whole.
    await boardOf(hers).focus();
    await hers.keyboard.press('0');
    await expect.poll(async () => (await placeOf(hersPin)).map(Math.round)).toEqual(before.map(Math.round));
    await hers.keyboard.press('+');
    await expect.poll(() => placeOf(hersPin)).not.toEqual(before);
    await hers.keyboard.press('0');
  });

  it('gives_each_of_the_pins_that_cover_one_another_by_mouse_by_touch_and_by_keyboard', async () => {
    const names = ['Pump A', 'Pump B', 'Pump C'];
    for (const name of names) {
      await hers.getByRole('button', { name: 'Add a pin or a note' }).click();
      await hers.getByLabel('What it is').selectOption('Resource');
      await hers.getByLabel('Name of the pin').fill(name);
      await hers.getByLabel('Square of the grid').fill('B2');
      await hers.getByRole('button', { name: 'Place', exact: true }).click();
      await listed(his, new RegExp(name)).waitFor();
    }
    const chosen = async (page: Page): Promise<string | undefined> => {
      const [one] = await page.locator('.pile [aria-pressed=true]').allTextContents();
      return names.find((name) => one?.includes(name));
    };
    // A mouse: each press takes the one below.
    await boardOf(hers).scrollIntoViewIfNeeded();
    const [x, y] = (await placeOf(hers.locator('.pin', { hasText: 'Pump A' }))).map((one) => one + 18) as [number, number];
    const pressed: (string | undefined)[] = [];
    for (const name of ['Pump C', 'Pump B', 'Pump A', 'Pump C']) {
      await hers.mouse.click(x, y);
      await expect.poll(() => chosen(hers)).toBe(name);
      pressed.push(await chosen(hers));
    }
    expect(new Set(pressed)).toEqual(new Set(names));
    await hers.getByRole('group', { name: '3 elements lie upon one another here.' }).waitFor();
    await judge(hers, 'shared-board-pile');

    // A finger, on a phone.
    await boardOf(his).scrollIntoViewIfNeeded();
    await his.getByRole('button', { name: 'Tout voir' }).click();
    const finger = await his.context().newCDPSession(his);
    const tap = async (): Promise<void> => {
      const [left, top] = await placeOf(his.locator('.pin', { hasText: 'Pump A' }));
      await finger.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [{ x: left + 18, y: top + 18 }] });
      await finger.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    };
    for (const name of ['Pump C', 'Pump B', 'Pump A']) {
      await tap();
      await expect.poll(() => chosen(his)).toBe(name);
    }
    await finger.detach();
    await judge(his, 'shared-board-pile-phone');

    // A keyboard: one of them by the list, and from there the others.
    await hers.getByRole('button', { name: 'Show: Resource: Pump B' }).press('Enter');
    await expect.poll(() => chosen(hers)).toBe('Pump B');
    await hers.locator('.pile').getByRole('button', { name: 'Resource: Pump A' }).press('Enter');
    await expect.poll(() => chosen(hers)).toBe('Pump A');
    await boardOf(hers).focus();
    await hers.keyboard.press('Escape');
    await hers.locator('.pile').waitFor({ state: 'detached' });
    await hers.keyboard.press('0');
  });

  it('lies_on_a_picture_that_is_sent_encrypted_and_leaves_the_messages_alone', async () => {
    const picture = await hers.evaluate(async () => {
      const canvas = new OffscreenCanvas(300, 400);
      const context = canvas.getContext('2d');
      if (context === null) throw new Error('no picture can be drawn');
      context.fillStyle = '#dde7f0';
      context.fillRect(0, 0, 300, 400);
      context.strokeRect(40, 60, 200, 280);
      return [...new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer())];
    });
    await hers.getByRole('button', { name: 'Plan or picture' }).click();
    await hers.getByText('No picture has been sent to this room yet.').waitFor();
    const file = hers.locator('input[type=file]');
    await file.setInputFiles({ name: 'plan.svg', mimeType: 'image/png', buffer: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>') });
    await hers.getByText('This file is no picture that can be shown here.').waitFor();
    await file.setInputFiles({ name: 'plan.png', mimeType: 'image/png', buffer: Buffer.from(picture) });
    // Whole in both browsers, from the sealed parts that the server keeps.
    for (const page of [hers, his]) await page.locator('svg image[href^="blob:"]').waitFor();
    await expect.poll(() => his.locator('svg .sheet').getAttribute('width')).toBe('7500');
    await judge(hers, 'shared-board-picture');
    await judge(his, 'shared-board-picture-phone');
    await hers.getByRole('button', { name: 'Plan or picture' }).click();
    await hers.getByRole('button', { name: 'Lay below: plan.png' }).waitFor();
    await judge(hers, 'shared-board-choose');
    await hers.getByRole('button', { name: 'Blank sheet' }).click();
    await expect.poll(() => his.locator('svg .sheet').getAttribute('width')).toBe('10000');

    // Of all that was drawn nothing stands among the messages: only the picture was sent as one.
    await hers.getByRole('link', { name: 'Flood in the basement' }).click();
    await hers.getByRole('img', { name: /plan\.png/ }).waitFor();
    expect(await hers.getByRole('log').getByRole('article').count()).toBe(1);
    expect(
      await hers
        .getByRole('log')
        .getByText(/Fuite|Pumps/)
        .count(),
    ).toBe(0);
  });
});
