import { language } from '../../core/i18n/i18n.svelte';
import type { LocalizedText } from '../../transport/contract/content';

/** The text in the reader's language, or in the other where it was not written. */
export function localized(text: LocalizedText): string {
  return (language() === 'en' ? (text.en ?? text.fr) : (text.fr ?? text.en)) ?? '';
}
