import { t } from './i18n/i18n.svelte';
import { isExercise } from './mode.svelte';

/** The title of the page at hand, for the browser's tab. Called while a component is made. */
export function pageTitle(title: () => string | undefined): void {
  $effect(() => {
    const text = title();
    document.title = [isExercise() ? t('exercise.word') : '', text ?? '', 'Tocsin'].filter(Boolean).join(' · ');
  });
}
