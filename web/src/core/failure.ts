import { ApiError } from '../transport/api-error';
import { t, textFor } from './i18n/i18n.svelte';

/** What happened, in the person's words. Each code of the server has its text; an unknown one shows the code, which support can look up. */
export function describeFailure(error: unknown): string {
  if (!(error instanceof ApiError)) return t('error.unexpected');
  return textFor(`error.${error.code}`) ?? t('error.unknown', { code: error.code });
}

/** The text beside an input, by the code the server gave for it. */
export function describeFieldFailure(error: unknown, field: string): string | undefined {
  if (!(error instanceof ApiError)) return undefined;
  const code = error.fields[field];
  if (code === undefined) return undefined;
  // "unknown" is a field's word for "no such thing"; `error.unknown` is ours for a code that we have no text for.
  return textFor(code === 'unknown' ? 'error.unknown-value' : `error.${code}`) ?? t('error.invalid-input');
}
