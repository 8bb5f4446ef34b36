export type CallLayout = 'grid' | 'speaker' | 'screen';

/** A tile of 16 to 9 that is narrower than this says nothing of a face. */
const narrowest = 150;

/**
 * How many columns give the largest tiles.
 * @param ratio Width of a tile by its height.
 */
export function gridColumns(tiles: number, width: number, height: number, ratio = 16 / 9): number {
  if (tiles <= 1 || width <= 0 || height <= 0) return 1;
  let best = { columns: 1, area: 0 };
  for (let columns = 1; columns <= tiles; columns += 1) {
    const rows = Math.ceil(tiles / columns);
    const across = Math.min(width / columns, (height / rows) * ratio);
    if (across < narrowest && columns > 1) break;
    if (across * across > best.area) best = { columns, area: across * across };
  }
  return best.columns;
}

/** Who is shown large where one is: whoever was pinned, else the loudest who is not oneself, else whoever spoke last. */
export function stagePerson(
  people: readonly { readonly id: string }[],
  selfId: string,
  pinned: string | undefined,
  activeSpeakers: readonly string[],
  former: string | undefined,
): string | undefined {
  const present = (id: string | undefined): boolean => id !== undefined && people.some((one) => one.id === id);
  if (present(pinned)) return pinned;
  const loudest = activeSpeakers.find((id) => id !== selfId && present(id));
  if (loudest !== undefined) return loudest;
  if (present(former)) return former;
  return people.find((one) => one.id !== selfId)?.id ?? people[0]?.id;
}
