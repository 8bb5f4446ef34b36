/** Where a sign is seen, in pixels. */
export interface SignBox {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** In pixels, both ways: two signs that share more are hard to tell apart with a finger. */
export const shared = 12;

/**
 * All signs that cover the one that is chosen or are covered by it, that one too, the uppermost first.
 * @param boxes By element, what lies above later.
 * @returns Empty where it lies alone, or is no sign.
 */
export function pileOf(chosen: string, boxes: ReadonlyMap<string, SignBox>): readonly string[] {
  const own = boxes.get(chosen);
  if (own === undefined) return [];
  const pile = [...boxes].filter(
    ([id, box]) =>
      id === chosen ||
      (Math.min(own.right, box.right) - Math.max(own.left, box.left) > shared &&
        Math.min(own.bottom, box.bottom) - Math.max(own.top, box.top) > shared),
  );
  return pile.length < 2 ? [] : pile.map(([id]) => id).reverse();
}

/** What a press on the pile means: its uppermost, and what lies below where that is chosen already, round and round. */
export function pressedIn(pile: readonly string[], chosen: string | undefined): string | undefined {
  return pile[(chosen === undefined ? -1 : pile.indexOf(chosen)) + 1] ?? pile[0];
}
