import { accountHex } from '../../core/devices/account-bytes';
import { crisesIn, type KnownCrisis, roomsOf } from '../../core/rooms/crisis/known-crises';
import type { ExerciseRun } from '../../core/rooms/exercises/exercises-view';
import { leavingOf, workOf } from '../../core/rooms/exercises/run-conduct';
import { deedsIn, type PlayersDeed } from '../../core/rooms/exercises/run-engine';
import type { Inject } from '../../core/rooms/exercises/script-content';
import type { RoomRow } from '../../core/rooms/room-list.svelte';
import type { OpenRoom } from '../../core/rooms/rooms.svelte';
import { injectsToRaise, raiseInject } from './inject-alerts';

/** The crisis of a run's players, where this person is in it. */
export function playersOf(run: ExerciseRun, rows: readonly RoomRow[]): KnownCrisis | undefined {
  return crisesIn(rows).find(({ id, leading }) => leading !== undefined && accountHex(id) === run.crisis);
}

export function deedsOf(players: KnownCrisis | undefined): readonly PlayersDeed[] {
  return players === undefined ? [] : deedsIn(roomsOf(players));
}

/** Does on an animator's page what is due: fires, delivers to the players, and raises what leaves as an alert. All that it knows is in the rooms: a page that is loaded anew goes on. */
export class RunKeeper {
  /** Of an alert that the server refused. */
  failure = $state<unknown>();
  /** Refused, or under way: not tried again on this page until somebody asks. */
  private tried = new Set<string>();

  constructor(private readonly animators: OpenRoom) {}

  /** @param now Unix milliseconds. */
  look(run: ExerciseRun, players: KnownCrisis | undefined, now: number): void {
    const room = players?.leading?.room;
    const received = room !== undefined && room.head > 0 ? room.exercises.received : undefined;
    const leaving = leavingOf(run, [...this.animators.waiting, ...(room?.waiting ?? [])]);
    const work = workOf(run, { now, self: this.animators.self, deeds: deedsOf(players), received, leaving });
    for (const content of work.animators) void this.animators.write(content);
    if (room === undefined) return;
    for (const content of work.players) void room.write(content);
    for (const inject of injectsToRaise(run, room)) {
      // Only the page of whoever fired it: the key would make two one, and one request is enough.
      if (this.tried.has(inject.id) || run.fired.get(inject.id)?.author !== this.animators.self) continue;
      this.tried.add(inject.id);
      void this.raise(run, inject, room);
    }
  }

  tryAgain(): void {
    this.failure = undefined;
    this.tried = new Set();
  }

  private async raise(run: ExerciseRun, inject: Inject, players: OpenRoom): Promise<void> {
    try {
      const alert = await raiseInject(run, inject, players, this.animators);
      await this.animators.write({ kind: 'exercise-alert', run: run.id, inject: inject.id, alert: accountHex(alert) });
    } catch (error) {
      this.failure = error;
    }
  }
}
