export interface Undoable {
  readonly message: string;
  readonly undo: () => void | Promise<void>;
}

let offered = $state.raw<Undoable | undefined>();

export function offeredUndo(): Undoable | undefined {
  return offered;
}

/** Something was done that can be undone: the shell offers it for a while. */
export function offerUndo(undoable: Undoable): void {
  offered = undoable;
}

export function dismissUndo(): void {
  offered = undefined;
}
