import { getContext, setContext } from 'svelte';

/** The few words that components say by themselves. The application gives them in the person's language; a component never knows a language. */
export interface UiTexts {
  readonly cancel: string;
  readonly close: string;
  readonly undo: string;
  readonly optional: string;
  readonly loading: string;
  readonly hold: string;
  readonly holdLonger: string;
  readonly holdInstead: string;
  readonly holdConfirm: string;
  readonly notSaved: string;
  readonly keepWriting: string;
  readonly discard: string;
  readonly exercise: string;
  readonly realAlert: string;
}

const contextKey = Symbol('ui texts');

export function provideUiTexts(texts: () => UiTexts): void {
  setContext(contextKey, texts);
}

export function uiTexts(): () => UiTexts {
  return getContext<() => UiTexts>(contextKey);
}
