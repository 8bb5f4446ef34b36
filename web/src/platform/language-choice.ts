const stored = 'tocsin.language';

/** What the person chose on this device; undefined: the browser's language decides. */
export function chosenLanguage(): 'fr' | 'en' | undefined {
  const value = localStorage.getItem(stored);
  return value === 'fr' || value === 'en' ? value : undefined;
}

export function rememberLanguage(choice: 'fr' | 'en' | undefined): void {
  if (choice === undefined) localStorage.removeItem(stored);
  else localStorage.setItem(stored, choice);
}
