/** A line of two texts laid over each other. */
export interface DifferentLine {
  readonly kind: 'same' | 'added' | 'removed';
  readonly text: string;
}

/** Past this many comparisons, the texts are shown one after the other: nobody follows such a difference, and no phone waits for it. */
const mostComparisons = 4_000_000;

/** What was removed from the one and added in the other, line by line, with what both have (a longest common subsequence). */
export function differentLines(before: readonly string[], after: readonly string[]): readonly DifferentLine[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < before.length - start && end < after.length - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  const as = (kind: DifferentLine['kind'], lines: readonly string[]): DifferentLine[] => lines.map((text) => ({ kind, text }));
  const [old, young] = [before.slice(start, before.length - end), after.slice(start, after.length - end)];
  return [...as('same', before.slice(0, start)), ...between(old, young, as), ...as('same', before.slice(before.length - end))];
}

function between(
  before: readonly string[],
  after: readonly string[],
  as: (kind: DifferentLine['kind'], lines: readonly string[]) => DifferentLine[],
): readonly DifferentLine[] {
  if (before.length * after.length > mostComparisons || before.length === 0 || after.length === 0)
    return [...as('removed', before), ...as('added', after)];
  const width = after.length + 1;
  /** How many lines both have in common from (row, column) on. */
  const common = new Uint16Array((before.length + 1) * width);
  for (let row = before.length - 1; row >= 0; row--)
    for (let column = after.length - 1; column >= 0; column--)
      common[row * width + column] =
        before[row] === after[column]
          ? (common[(row + 1) * width + column + 1] ?? 0) + 1
          : Math.max(common[(row + 1) * width + column] ?? 0, common[row * width + column + 1] ?? 0);
  const lines: DifferentLine[] = [];
  let [row, column] = [0, 0];
  while (row < before.length && column < after.length) {
    const [old, young] = [before[row] ?? '', after[column] ?? ''];
    if (old === young) {
      lines.push({ kind: 'same', text: old });
      row += 1;
      column += 1;
    } else if ((common[(row + 1) * width + column] ?? 0) >= (common[row * width + column + 1] ?? 0)) {
      lines.push({ kind: 'removed', text: old });
      row += 1;
    } else {
      lines.push({ kind: 'added', text: young });
      column += 1;
    }
  }
  return [...lines, ...as('removed', before.slice(row)), ...as('added', after.slice(column))];
}
