import type { BoardBackground, BoardElement, ElementChange, SharedBoardContent } from './shared-board-content';
import type { SharedBoard } from './shared-board-view';

/** So many can be taken back, the latest first. */
const mostKept = 200;

/** One thing that somebody did, with what it changed as it was before. */
interface Step {
  readonly done: SharedBoardContent;
  readonly element: BoardElement | undefined;
  readonly background: BoardBackground;
}

/** What one person did on the board in one window, so that they take back their own and nobody else's. To take back is to write a further entry. */
export class BoardSteps {
  private readonly past: Step[] = [];
  private future: Step[] = [];

  /** @param before The board that it was done on. */
  note(done: SharedBoardContent, before: SharedBoard): void {
    const element = done.kind === 'board-change' ? before.elements.get(done.of)?.element : undefined;
    this.past.push({ done, element, background: before.background });
    if (this.past.length > mostKept) this.past.shift();
    this.future = [];
  }

  get canUndo(): boolean {
    return this.past.length > 0;
  }

  get canRedo(): boolean {
    return this.future.length > 0;
  }

  /** What takes the last step back; one that others have since gone over is left as they made it. Null where nothing is left to take back. */
  undo(now: SharedBoard): SharedBoardContent | null {
    for (let step = this.past.pop(); step !== undefined; step = this.past.pop()) {
      const content = backwards(step, now);
      if (content === null) continue;
      this.future.push(step);
      return content;
    }
    return null;
  }

  /** What does again what was taken back last; null where there is nothing to. */
  redo(now: SharedBoard): SharedBoardContent | null {
    for (let step = this.future.pop(); step !== undefined; step = this.future.pop()) {
      const content = forwards(step.done, now);
      if (content === null) continue;
      this.past.push(step);
      return content;
    }
    return null;
  }
}

function backwards({ done, element, background }: Step, now: SharedBoard): SharedBoardContent | null {
  switch (done.kind) {
    case 'board-element':
      return ofAny('board-removal', [done.id], now.elements);
    case 'board-removal':
      return ofAny('board-restoring', done.of, now.removed);
    case 'board-restoring':
      return ofAny('board-removal', done.of, now.elements);
    case 'board-change': {
      const is = now.elements.get(done.of)?.element;
      if (element === undefined || is === undefined) return null;
      const change = takenBack(done.change, element, is);
      return Object.keys(change).length === 0 ? null : { kind: 'board-change', of: done.of, change };
    }
    case 'board-background':
      return isAlike(now.background, done.background) ? { kind: 'board-background', background } : null;
  }
}

function forwards(done: SharedBoardContent, now: SharedBoard): SharedBoardContent | null {
  switch (done.kind) {
    case 'board-element':
      return ofAny('board-restoring', [done.id], now.removed);
    case 'board-removal':
      return ofAny('board-removal', done.of, now.elements);
    case 'board-restoring':
      return ofAny('board-restoring', done.of, now.removed);
    case 'board-change':
      return now.elements.has(done.of) ? done : null;
    case 'board-background':
      return done;
  }
}

function ofAny(kind: 'board-removal' | 'board-restoring', ids: readonly string[], there: ReadonlyMap<string, unknown>): SharedBoardContent | null {
  const of = ids.filter((id) => there.has(id));
  return of.length === 0 ? null : { kind, of };
}

/** Of what was changed, that which is still so: as it was. */
function takenBack(change: ElementChange, was: BoardElement, is: BoardElement): ElementChange {
  const [former, current] = [was as unknown as Record<string, unknown>, is as unknown as Record<string, unknown>];
  const own = Object.entries(change).filter(([name, value]) => isAlike(current[name], value) && former[name] !== undefined);
  return Object.fromEntries(own.map(([name]) => [name, former[name]]));
}

function isAlike(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
