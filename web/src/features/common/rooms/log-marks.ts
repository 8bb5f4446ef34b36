import type { LogType } from '../../../core/rooms/log/log-content';
import type { IconName } from '../../../ui/icons/shapes';

export const typeIcons = { fact: 'severity-info', decision: 'flag', action: 'check', message: 'message' } as const satisfies Readonly<
  Record<LogType, IconName>
>;
/** A decision is what one looks for. */
export const typeTones = { fact: 'neutral', decision: 'severe', action: 'info', message: 'neutral' } as const satisfies Readonly<
  Record<LogType, string>
>;
