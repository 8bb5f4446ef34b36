import { newIdHex } from '../../../core/devices/account-bytes';
import type { CellKind } from '../../../core/rooms/crisis/crisis-content';
import type { RoomContent } from '../../../core/rooms/room-content';

export const starterLanguages = ['fr', 'en'] as const;
export type StarterLanguage = (typeof starterLanguages)[number];

export interface StarterCell {
  readonly kind: CellKind;
  readonly name: string;
  readonly functions: readonly string[];
  /** Keys of the set's cards. */
  readonly cards: readonly string[];
  /** Minutes after the opening, what is to be done; `!` before it where it is urgent. */
  readonly tasks: readonly (readonly [number, string])[];
}

export interface StarterPlan {
  readonly title: string;
  readonly text: string;
  readonly cells: readonly StarterCell[];
}

/** Plans and cards to start from, as somebody would write them who has been through it; to be made one's own. */
export interface StarterSet {
  readonly cards: Readonly<Record<string, { readonly title: string; readonly text: string }>>;
  readonly plans: readonly StarterPlan[];
  readonly report: string;
}

const loaders: Readonly<Record<StarterLanguage, () => Promise<StarterSet>>> = {
  fr: () => import('./starter-fr').then(({ starterFr }) => starterFr),
  en: () => import('./starter-en').then(({ starterEn }) => starterEn),
};

/** As first versions of cards and plans. @param without Titles that there are already: they are left out. */
export async function starterContents(
  languages: readonly StarterLanguage[],
  { owner, validUntil, without }: { readonly owner: string; readonly validUntil: string; readonly without: readonly string[] },
): Promise<readonly RoomContent[]> {
  const contents: RoomContent[] = [];
  for (const set of await Promise.all(languages.map((one) => loaders[one]()))) {
    const ids = new Map(Object.keys(set.cards).map((key) => [key, newIdHex()]));
    for (const [key, { title, text }] of Object.entries(set.cards))
      if (!without.includes(title)) contents.push({ kind: 'card', of: ids.get(key) ?? '', card: { title, text, owner, validUntil }, after: null });
    for (const { title, text, cells } of set.plans) {
      if (without.includes(title)) continue;
      const planned = cells.map(({ kind, name, functions, cards, tasks }) => ({
        kind,
        name,
        functions,
        cards: cards.map((key) => ids.get(key) ?? ''),
        tasks: tasks.map(([minutes, said]) =>
          said.startsWith('!') ? { title: said.slice(1), minutes, urgent: true as const } : { title: said, minutes },
        ),
      }));
      contents.push({
        kind: 'plan',
        of: newIdHex(),
        plan: { title, text, owner, validUntil, cells: planned, scenario: null, report: set.report },
        after: null,
      });
    }
  }
  return contents;
}
