export type ThemeChoice = 'auto' | 'light' | 'dark';

const stored = 'tocsin.theme';

export function chosenTheme(): ThemeChoice {
  const value = localStorage.getItem(stored);
  return value === 'light' || value === 'dark' ? value : 'auto';
}

export function chooseTheme(choice: ThemeChoice): void {
  localStorage.setItem(stored, choice);
  applyTheme();
}

/** Follows the system's preference while the choice is `auto`. Returns how to stop. */
export function followTheme(): () => void {
  const query = matchMedia('(prefers-color-scheme: dark)');
  applyTheme();
  query.addEventListener('change', applyTheme);
  return () => query.removeEventListener('change', applyTheme);
}

function applyTheme(): void {
  const choice = chosenTheme();
  const dark = choice === 'dark' || (choice === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset['theme'] = dark ? 'dark' : 'light';
}
