import type { RoomContent } from '../room-content';
import type { RoomItem } from '../room-log';
import { blankSheet, type BoardBackground, type BoardElement, type ElementChange, longestLabel, mostElements } from './shared-board-content';

export interface ShownElement {
  readonly id: string;
  readonly element: BoardElement;
  /** Account in hexadecimal of who put it there. */
  readonly author: string;
  /** In the order in which all came, from 0. */
  readonly place: number;
}

/** A board as it stands. */
export interface SharedBoard {
  /** By id, in the order in which they came to it: what came later lies above. */
  readonly elements: ReadonlyMap<string, ShownElement>;
  /** Taken away, as they would be if somebody brought them back. */
  readonly removed: ReadonlyMap<string, ShownElement>;
  readonly background: BoardBackground;
  /** Ids of what found no place any more. */
  readonly passedOver: ReadonlySet<string>;
}

export const emptyBoard: SharedBoard = { elements: new Map(), removed: new Map(), background: blankSheet, passedOver: new Set() };

/**
 * What the board of a room amounts to. Of the entries alone, so the same for everybody who has them: of two changes of one property the later in the room counts, and changes of different properties both
 * do. What was removed stays away whatever is changed of it, until somebody brings it back.
 */
export function sharedBoardOf(items: readonly RoomItem[]): SharedBoard {
  const replay = new BoardReplay(emptyBoard);
  for (const { what, author } of items) if (what.kind === 'content' && author !== undefined) replay.take(what.content, author);
  return replay.board;
}

/** The board as it will stand once what waits here has left. What has arrived meanwhile and still waits counts once. */
export function withWaiting(board: SharedBoard, waiting: readonly RoomContent[], self: string): SharedBoard {
  if (!waiting.some(isOfBoard)) return board;
  const replay = new BoardReplay(board);
  for (const content of waiting) replay.take(content, self);
  return replay.board;
}

export function isOfBoard({ kind }: RoomContent): boolean {
  return kind.startsWith('board-');
}

class BoardReplay {
  /** All that ever came, in the order in which it came. */
  private readonly known: Map<string, ShownElement>;
  private readonly gone: Set<string>;
  private readonly passedOver: Set<string>;
  private background: BoardBackground;

  constructor({ elements, removed, background, passedOver }: SharedBoard) {
    const all = [...elements.values(), ...removed.values()].sort((one, other) => one.place - other.place);
    this.known = new Map(all.map((shown) => [shown.id, shown]));
    this.gone = new Set(removed.keys());
    this.passedOver = new Set(passedOver);
    this.background = background;
  }

  get board(): SharedBoard {
    const elements = new Map<string, ShownElement>();
    const removed = new Map<string, ShownElement>();
    for (const [id, shown] of this.known) (this.gone.has(id) ? removed : elements).set(id, shown);
    return { elements, removed, background: this.background, passedOver: this.passedOver };
  }

  take(content: RoomContent, author: string): void {
    switch (content.kind) {
      case 'board-element':
        // Ids are random: of two that are alike the first counts.
        if (this.known.has(content.id)) break;
        if (this.isFull) {
          this.passedOver.add(content.id);
          break;
        }
        this.passedOver.delete(content.id);
        this.known.set(content.id, { id: content.id, element: content.element, author, place: this.known.size });
        break;
      case 'board-change': {
        const shown = this.known.get(content.of);
        if (shown !== undefined) this.known.set(content.of, { ...shown, element: changed(shown.element, content.change) });
        break;
      }
      case 'board-removal':
        for (const id of content.of) if (this.known.has(id)) this.gone.add(id);
        break;
      case 'board-restoring':
        for (const id of content.of) if (!this.isFull) this.gone.delete(id);
        break;
      case 'board-background':
        this.background = content.background;
        break;
    }
  }

  private get isFull(): boolean {
    return this.known.size - this.gone.size >= mostElements;
  }
}

/** Properties that it does not have are left alone. */
function changed(element: BoardElement, { at = element.at, ink = element.ink, text, pin }: ElementChange): BoardElement {
  switch (element.form) {
    case 'note':
      return { ...element, at, ink, text: text === undefined || text.trim() === '' ? element.text : text };
    case 'pin':
      return { ...element, at, ink, text: text === undefined || text.length > longestLabel ? element.text : text, pin: pin ?? element.pin };
    default:
      return { ...element, at, ink };
  }
}
