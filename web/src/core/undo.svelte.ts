import { location } from './navigation.svelte';

export interface Undoable {
  readonly message: string;
  readonly undo: () => void | Promise<void>;
}

interface Offer {
  readonly undoable: Undoable;
  /** Where it was done: who went elsewhere does not see what would be undone. */
  readonly path: string;
}

let offered = $state.raw<Offer | undefined>();

/** Undefined as well on every other page than that on which it was done. */
export function offeredUndo(): Undoable | undefined {
  return offered?.path === location().pathname ? offered.undoable : undefined;
}

/** Something was done that can be undone: the shell offers it for a while, on the page where it was done. */
export function offerUndo(undoable: Undoable): void {
  offered = { undoable, path: location().pathname };
}

export function dismissUndo(): void {
  offered = undefined;
}
