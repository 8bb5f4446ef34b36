import { t } from '../../../core/i18n/i18n.svelte';
import { cellOf } from '../../../core/rooms/shared-board/board-grid';
import type { BoardBackground, BoardElement, BoardPoint } from '../../../core/rooms/shared-board/shared-board-content';

const longestName = 60;

/** What an element is called in one line. */
export function nameOfElement(element: BoardElement): string {
  const kind = element.form === 'pin' ? t(`sharedBoard.pin.${element.pin}`) : t(`sharedBoard.form.${element.form}`);
  const text = 'text' in element ? element.text.trim().replace(/\s+/g, ' ') : '';
  if (text === '') return kind;
  return t('sharedBoard.called', { kind, text: text.length > longestName ? `${text.slice(0, longestName - 1)}…` : text });
}

export function whereOf(element: BoardElement, sheet: BoardBackground, by: string): string {
  const cell = cellOf(element.at, sheet);
  return cell === null ? t('sharedBoard.beside', { by }) : t('sharedBoard.where', { cell, by });
}

/** As an SVG path, in units of the board. @param head How long the sides of an arrow's head are. */
export function outlineOf(element: Extract<BoardElement, { readonly path: unknown }>, at: BoardPoint, head: number): string {
  const [x, y] = at;
  const [alongX = 0, alongY = 0] = element.path;
  switch (element.form) {
    case 'stroke':
      return `M${x} ${y}l${element.path.join(' ')}`;
    case 'rectangle':
      return `M${x} ${y}h${alongX}v${alongY}h${-alongX}z`;
    case 'arrow': {
      const back = Math.atan2(-alongY, -alongX);
      const side = (turn: number): string => `M${x + alongX} ${y + alongY}l${Math.cos(back + turn) * head} ${Math.sin(back + turn) * head}`;
      return `M${x} ${y}l${alongX} ${alongY}${side(0.5)}${side(-0.5)}`;
    }
  }
}
