import { describe, expect, it } from 'vitest';
import { exercisesOf, type ExerciseRun } from '../../../../../src/core/rooms/exercises/exercises-view';
import { lessonsOf } from '../../../../../src/core/rooms/exercises/lessons';
import { clockNow, firedNow, workOf } from '../../../../../src/core/rooms/exercises/run-conduct';
import { comingUp, type PlayersDeed, stuckInjects } from '../../../../../src/core/rooms/exercises/run-engine';
import { fitsEntry, scriptLanguages } from '../../../../../src/core/rooms/exercises/script-content';
import { readScriptTable, scriptTable } from '../../../../../src/core/rooms/exercises/script-table';
import { encodeContent, parseContent, type RoomContent } from '../../../../../src/core/rooms/room-content';
import type { RoomItem } from '../../../../../src/core/rooms/room-log';
import { readyContents } from '../../../../../src/features/exercises/ready/ready-exercises';

const id = (number: number): string => number.toString(16).padStart(32, '0');
const [claire, bruno] = [id(0xc1), id(0xb2)];
const minute = 60_000;

describe('the exercises that are ready', () => {
  it.each(scriptLanguages)('in_%s_are_three_and_whole', async (language) => {
    const contents = await readyContents([language], []);
    expect(contents).toHaveLength(3);
    for (const content of contents) {
      expect(parseContent(encodeContent(content))).toEqual(content);
      if (content.kind !== 'exercise-script') throw new Error(content.kind);
      const { script } = content;
      expect(fitsEntry(script)).toBe(true);
      expect(script.injects.length).toBeGreaterThanOrEqual(12);
      expect(script.injects.length).toBeLessThanOrEqual(20);
      expect(stuckInjects(script)).toEqual([]);
      // Every objective is put to the test, every inject serves one, and each way of leaving is used.
      expect(new Set(script.injects.flatMap(({ objectives }) => objectives))).toEqual(new Set(script.objectives.map((one) => one.id)));
      expect(script.injects.every(({ objectives, expected, text }) => objectives.length > 0 && expected !== null && text !== '')).toBe(true);
      // What leaves as an alert asks for one tap, without which nobody knows how soon it was read.
      for (const { kind, answers } of script.injects) expect(answers).toEqual(kind === 'sms' || kind === 'mail' ? ['received'] : undefined);
      expect(new Set(script.injects.map(({ trigger }) => trigger.on))).toEqual(new Set(['time', 'inject', 'decision', 'hand']));
      const table = readScriptTable(scriptTable(script, language), () => id(Math.floor(Math.random() * 2 ** 40)));
      expect(table).toMatchObject({ refused: [] });
    }
    expect(
      await readyContents(
        [language],
        contents.flatMap((one) => (one.kind === 'exercise-script' ? [one.script.title] : [])),
      ),
    ).toEqual([]);
  });

  it('speak_of_the_same_things_in_both_languages', async () => {
    const [french, english] = await Promise.all(scriptLanguages.map((language) => readyContents([language], [])));
    const shape = (contents: typeof french): unknown =>
      contents?.map((one) =>
        one.kind === 'exercise-script'
          ? one.script.injects.map(({ kind, expected, objectives, trigger }) => [
              kind,
              expected?.minutes,
              objectives.length,
              trigger.on,
              'minutes' in trigger ? trigger.minutes : null,
            ])
          : null,
      );
    expect(shape(french)).toEqual(shape(english));
  });
});

describe('an exercise at sixty times its speed', () => {
  it('goes_from_its_start_to_its_lessons', async () => {
    const [first] = await readyContents(['fr'], []);
    if (first?.kind !== 'exercise-script') throw new Error('no script');
    const began = Date.parse('2026-11-23T09:00:00.000Z');
    const [animators, players]: [RoomItem[], RoomItem[]] = [[], []];
    let now = began;
    const write = (room: RoomItem[], content: RoomContent, author: string, byAdministrator = true): void => {
      const parsed = parseContent(encodeContent(content));
      if (parsed === null) throw new Error(`${content.kind} is not read back`);
      const item = { seq: room.length + 1, id: id(5000 + room.length), author, at: new Date(now).toISOString() };
      room.push({ ...item, ...(byAdministrator ? { byAdministrator: true as const } : {}), what: { kind: 'content', content: parsed } });
    };
    const run = (): ExerciseRun => {
      const found = exercisesOf(animators).runs[0];
      if (found === undefined) throw new Error('no run');
      return found;
    };
    write(animators, first, claire);
    write(animators, { kind: 'exercise-run', run: id(9), version: id(5000), crisis: id(8), channels: false }, claire);
    write(animators, clockNow(run(), now, { running: true, speed: 60 }), claire);
    const deeds: PlayersDeed[] = [];
    // Half a minute for half an hour, looked at twice a second by two animators, as their pages do.
    for (let look = 0; look <= 60; look++, now += 500) {
      if (look === 12) deeds.push({ kind: 'decision', text: 'Nous coupons tout accès : couper Internet', at: new Date(now).toISOString() });
      for (const self of [bruno, claire]) {
        const work = workOf(run(), { now, self, deeds, received: exercisesOf(players).received, leaving: new Set() });
        for (const content of work.animators) write(animators, content, self);
        for (const content of work.players) write(players, content, self);
      }
      // An observer sees each reaction three minutes of the exercise after the inject.
      for (const [inject, fired] of run().fired) {
        const position = fired.position + 3 * minute;
        if (run().reactions.has(inject) || (now - began) * 60 < position) continue;
        write(animators, { kind: 'exercise-reaction', run: id(9), inject, at: new Date(now).toISOString(), position, text: '' }, bruno, false);
      }
    }
    const [last] = comingUp(run(), deeds);
    if (last === undefined) throw new Error('what leaves by hand is left');
    write(animators, firedNow(run(), last.inject, now, 'hand'), claire);
    const at = new Date(now).toISOString();
    for (const [place, mark] of (['met', 'met', 'partly', 'met', 'not-met'] as const).entries())
      write(
        animators,
        { kind: 'exercise-note', run: id(9), objective: run().script.objectives[place]?.id ?? '', mark, text: 'Vu', at, position: 30 * minute },
        bruno,
        false,
      );
    write(animators, { kind: 'exercise-action', run: id(9), text: 'Imprimer les protocoles chaque lundi' }, claire);
    write(animators, { kind: 'exercise-end', run: id(9), at, position: 30 * minute, text: 'Bonne tenue' }, claire);

    const lessons = lessonsOf(run());
    expect(lessons).toMatchObject({ fired: 14, asked: 14, reacted: 13, median: 3 * minute, score: 70 });
    // Nothing left more than a look late: half a second is half a minute at this speed.
    for (const { planned, fired, inject } of lessons.timeline) {
      if (planned === null || fired === null || inject.trigger.on !== 'time') continue;
      expect(fired.position - planned).toBeGreaterThanOrEqual(0);
      expect(fired.position - planned).toBeLessThanOrEqual(0.5 * minute);
    }
    // Conditions as well: the decision fell in the sixth minute, and what it asks for came two later.
    const asked = run().script.injects.find(({ trigger }) => trigger.on === 'decision');
    expect(run().fired.get(asked?.id ?? '')?.position).toBe(8 * minute);
    expect(exercisesOf(players).received).toHaveLength(13);
    expect(players).toHaveLength(13);
    expect(run().actions).toHaveLength(1);
  });
});
