import { t, textFor } from '../../core/i18n/i18n.svelte';
import type { ImportProgress } from '../../transport/contract/people-imports';
import { fetchImportProgress } from './import-api';

/** Steps are not announced as events: they are asked for while something is under way. */
const askMilliseconds = 1_000;

/** How far an import is, asked for while `idOf` names one. */
export function importProgress(idOf: () => string | undefined): { readonly current: ImportProgress | undefined } {
  let current = $state.raw<ImportProgress | undefined>();
  $effect(() => {
    const id = idOf();
    current = undefined;
    if (id === undefined) return;
    const turn = new AbortController();
    const timer = setInterval(() => void ask(id, turn.signal), askMilliseconds);
    return () => {
      clearInterval(timer);
      turn.abort();
    };
  });

  async function ask(id: string, signal: AbortSignal): Promise<void> {
    try {
      const answer = await fetchImportProgress(id, signal);
      if (!signal.aborted) current = answer;
    } catch {
      // Not begun, just ended, or on another node: the page says that it is under way, without a number.
      if (!signal.aborted) current = undefined;
    }
  }

  return {
    get current() {
      return current;
    },
  };
}

/** The step in words, with the count. */
export function describeProgress(progress: ImportProgress, otherwise: string): string {
  const step = textFor(`import.progress.${progress.step}`) ?? otherwise;
  if (typeof progress.total === 'number') return `${step} ${t('import.progress.of', { n: progress.done, total: progress.total })}`;
  return progress.done > 0 ? `${step} ${t('import.progress.lines', { n: progress.done })}` : step;
}
