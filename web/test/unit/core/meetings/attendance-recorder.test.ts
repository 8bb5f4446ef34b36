import { beforeEach, describe, expect, it } from 'vitest';
import { AttendanceRecorder, type SeenAttendee, type SeenCall } from '../../../../src/core/meetings/attendance-recorder';
import { callsOf, presentIn } from '../../../../src/core/rooms/calls/call-view';
import type { RoomItem } from '../../../../src/core/rooms/room-log';
import { ManualSchedule } from './stand-ins';

const id = (number: number): string => number.toString(16).padStart(32, '0');
const call = id(900);
const start = Date.UTC(2026, 10, 22, 10);

let time: ManualSchedule;
let now: number;
let items: RoomItem[];

beforeEach(() => {
  time = new ManualSchedule();
  now = start;
  items = [];
});

function pass(seconds: number): void {
  // A second at a time, as clocks go.
  for (let one = 0; one < seconds; one++) {
    now += 1000;
    time.advance(1000);
  }
}

const at = (seconds: number): string => new Date(start + seconds * 1000).toISOString();

/** One browser in the call; all write into one room. */
class Browser {
  private readonly recorder: AttendanceRecorder;
  readonly attendee: SeenAttendee;

  constructor(number: number, name: string, isHost = false) {
    this.attendee = { key: id(number), name, account: id(number), isHost, tells: true };
    this.recorder = new AttendanceRecorder({
      call,
      present: () => presentIn(items, call),
      write: (content) =>
        items.push({ seq: items.length, id: id(1000 + items.length), author: id(number), at: at(0), what: { kind: 'content', content } }),
      schedule: time.schedule,
      now: () => new Date(now),
    });
  }

  see(phase: SeenCall['phase'], ...others: readonly (Browser | SeenAttendee)[]): void {
    this.recorder.see({ phase, self: this.attendee, others: others.map((one) => (one instanceof Browser ? one.attendee : one)) });
  }
}

const guest: SeenAttendee = { key: id(50), name: 'Lieutenant Moreau', account: null, isHost: false, tells: false };
const stays = (): unknown => callsOf(items)[0]?.visits.map(({ account, name, from, to, end }) => [account ?? name, from, to, end]);

describe('the attendance of a call', () => {
  it('is_told_by_who_comes_and_goes_each_once', () => {
    const claire = new Browser(1, 'Claire', true);
    claire.see('before');
    claire.see('in');
    claire.see('in');
    pass(90);
    claire.see('left');
    claire.see('left');
    expect(items).toHaveLength(2);
    expect(stays()).toEqual([[id(1), at(0), at(90), 'said']]);
  });

  it('is_not_told_again_after_a_broken_line_of_a_minute_and_is_after_a_longer_one', () => {
    const claire = new Browser(1, 'Claire');
    claire.see('in');
    pass(10);
    claire.see('away');
    pass(60);
    claire.see('in');
    expect(items).toHaveLength(1);
    claire.see('away');
    pass(61);
    claire.see('in');
    expect(stays()).toEqual([
      [id(1), at(0), at(70), 'said'],
      [id(1), at(131), null, 'open'],
    ]);
  });

  it('of_who_vanished_is_told_by_one_of_those_who_stayed', () => {
    const [claire, bruno, driss] = [new Browser(1, 'Claire'), new Browser(2, 'Bruno'), new Browser(3, 'Driss')];
    claire.see('in', bruno, driss);
    bruno.see('in', claire, driss);
    driss.see('in', claire, bruno);
    pass(30);
    bruno.see('in', claire);
    claire.see('in', bruno);
    pass(59);
    expect(items).toHaveLength(3);
    pass(20);
    expect(items).toHaveLength(4);
    expect(items[3]).toMatchObject({ author: id(1), what: { content: { step: 'left', at: at(30), key: id(3), who: { account: id(3) } } } });
  });

  it('of_who_vanished_and_came_back_in_a_minute_is_one_stay', () => {
    const [claire, bruno] = [new Browser(1, 'Claire'), new Browser(2, 'Bruno')];
    claire.see('in', bruno);
    bruno.see('in', claire);
    claire.see('in');
    pass(50);
    claire.see('in', bruno);
    pass(120);
    expect(items).toHaveLength(2);
  });

  it('of_who_said_goodbye_is_not_told_by_others', () => {
    const [claire, bruno] = [new Browser(1, 'Claire'), new Browser(2, 'Bruno')];
    claire.see('in', bruno);
    bruno.see('in', claire);
    bruno.see('left');
    claire.see('in');
    pass(120);
    expect(items).toHaveLength(3);
  });

  it('of_a_guest_is_told_by_the_lowest_key_and_when_that_goes_by_the_next', () => {
    const [claire, bruno] = [new Browser(1, 'Claire', true), new Browser(2, 'Bruno')];
    claire.see('in', bruno, guest);
    bruno.see('in', claire, guest);
    pass(30);
    expect(items[2]).toMatchObject({
      author: id(1),
      what: { content: { step: 'came', at: at(0), who: { name: 'Lieutenant Moreau', guest: true, host: id(1) } } },
    });
    claire.see('left');
    bruno.see('in', guest);
    pass(10);
    bruno.see('in');
    pass(90);
    expect(stays()).toEqual([
      [id(1), at(0), at(30), 'said'],
      [id(2), at(0), null, 'open'],
      ['Lieutenant Moreau', at(0), at(40), 'noted'],
    ]);
  });

  it('ends_for_guests_with_the_last_who_can_tell_and_for_all_when_the_call_ends', () => {
    const [claire, bruno] = [new Browser(1, 'Claire', true), new Browser(2, 'Bruno')];
    claire.see('in', bruno, guest);
    bruno.see('in', claire, guest);
    pass(20);
    claire.see('ended');
    bruno.see('ended');
    expect(presentIn(items, call).size).toBe(0);
    expect(items).toHaveLength(6);
  });

  it('says_that_nobody_else_was_there_so_that_whom_nobody_saw_leave_is_not_there_for_ever', () => {
    const bruno = new Browser(2, 'Bruno');
    bruno.see('in');
    pass(600);
    const claire = new Browser(1, 'Claire');
    claire.see('in');
    expect(stays()).toEqual([
      [id(2), at(0), null, 'lost'],
      [id(1), at(600), null, 'open'],
    ]);
  });

  it('is_bounded', () => {
    const claire = new Browser(1, 'Claire');
    for (let round = 0; round < 2000; round++) {
      claire.see('in');
      claire.see('away');
      now += 61_000;
    }
    expect(items.length).toBeLessThanOrEqual(500);
  });
});
