import type { BoardBackground, BoardPoint } from './shared-board-content';

/** Ten columns from A to J and ten rows from 1: what people say aloud, and where somebody who does not draw puts things. */
export const gridLines = 10;
const letters = 'ABCDEFGHIJ';

type Sheet = Pick<BoardBackground, 'width' | 'height'>;

/** @returns As `C4`; null beside the sheet. */
export function cellOf([x, y]: BoardPoint, { width, height }: Sheet): string | null {
  if (x < 0 || y < 0 || x > width || y > height) return null;
  const [column, row] = [Math.floor((x / width) * gridLines), Math.floor((y / height) * gridLines)].map((one) => Math.min(one, gridLines - 1));
  return `${letters[column ?? 0]}${(row ?? 0) + 1}`;
}

/** The middle of a cell; null where the text names none. */
export function middleOf(cell: string, { width, height }: Sheet): BoardPoint | null {
  const [, letter, number] = /^\s*([a-j])\s*(10|[1-9])\s*$/i.exec(cell) ?? [];
  if (letter === undefined || number === undefined) return null;
  const middle = (index: number, side: number): number => Math.round(((index + 0.5) * side) / gridLines);
  return [middle(letters.indexOf(letter.toUpperCase()), width), middle(Number(number) - 1, height)];
}

export function columnName(index: number): string {
  return letters[index] ?? '';
}
