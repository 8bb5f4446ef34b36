import { language, t } from '../../../core/i18n/i18n.svelte';
import type { ShownMessage } from '../../../core/rooms/room-view';
import { safeName, type SharedFile } from '../../../core/rooms/shared-file';

/** How a file is called to people: a voice message by what it is. */
export function titleOfFile(file: SharedFile): string {
  if (file.seconds !== undefined) return t('voice.message');
  return file.name === '' ? t('files.unnamed') : safeName(file.name);
}

/** What stands for a message in one line. */
export function wordsOf({ text, file }: Pick<ShownMessage, 'text' | 'file'>): string | null {
  return text === '' && file !== null ? titleOfFile(file) : text;
}

export function sizeInWords(bytes: number): string {
  const number = (value: number): string => value.toLocaleString(language(), { maximumFractionDigits: value < 10 ? 1 : 0 });
  if (bytes < 1000) return t('files.bytes', { n: bytes });
  if (bytes < 999_500) return t('files.kilobytes', { n: number(bytes / 1e3) });
  if (bytes < 999_500_000) return t('files.megabytes', { n: number(bytes / 1e6) });
  return t('files.gigabytes', { n: number(bytes / 1e9) });
}

export function clock(seconds: number): string {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
