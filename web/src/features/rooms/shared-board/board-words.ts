import { t } from '../../../core/i18n/i18n.svelte';
import { inSentence } from '../../../core/i18n/in-sentence';
import { cellOf } from '../../../core/rooms/shared-board/board-grid';
import type { BoardBackground, BoardElement, BoardPoint, Ink } from '../../../core/rooms/shared-board/shared-board-content';

const longestName = 60;

/** Its colour, and how its lines are dashed: colour is never the only sign. */
export function inkInWords(ink: Ink): string {
  return t('sharedBoard.inked', { ink: inSentence(t(`sharedBoard.ink.${ink}`)), line: t(`sharedBoard.line.${ink}`) });
}

/** What an element is called in one line. */
export function nameOfElement(element: BoardElement): string {
  const kind = element.form === 'pin' ? t(`sharedBoard.pin.${element.pin}`) : t(`sharedBoard.form.${element.form}`);
  const text = 'text' in element ? element.text.trim().replace(/\s+/g, ' ') : '';
  if ('path' in element) return t('sharedBoard.drawn', { kind, ink: inkInWords(element.ink) });
  if (text === '') return kind;
  return t('sharedBoard.called', { kind, text: text.length > longestName ? `${text.slice(0, longestName - 1)}…` : text });
}

export function whereOf(element: BoardElement, sheet: BoardBackground, by: string): string {
  const cell = cellOf(element.at, sheet);
  return cell === null ? t('sharedBoard.beside', { by }) : t('sharedBoard.where', { cell, by });
}

type DrawnElement = Extract<BoardElement, { readonly path: unknown }>;

/** As an SVG path, in units of the board: of an arrow its shaft. */
export function bodyOf({ form, path }: DrawnElement, [x, y]: BoardPoint): string {
  const [alongX = 0, alongY = 0] = path;
  switch (form) {
    case 'stroke':
      return `M${x} ${y}l${path.join(' ')}`;
    case 'rectangle':
      return `M${x} ${y}h${alongX}v${alongY}h${-alongX}z`;
    case 'arrow':
      return `M${x} ${y}l${alongX} ${alongY}`;
  }
}

/** The head of an arrow; empty for all else. @param size How long its sides are. */
export function headOf({ form, path: [alongX = 0, alongY = 0] }: DrawnElement, [x, y]: BoardPoint, size: number): string {
  if (form !== 'arrow') return '';
  const back = Math.atan2(-alongY, -alongX);
  const side = (turn: number): string => `M${x + alongX} ${y + alongY}l${Math.cos(back + turn) * size} ${Math.sin(back + turn) * size}`;
  return `${side(0.5)}${side(-0.5)}`;
}
