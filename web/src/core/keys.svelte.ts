import { untrack } from 'svelte';
import type { PlainTextKey } from './i18n/i18n.svelte';

/** A key of the interface. `sequence` is one key, or two pressed one after the other ("g n"). */
export interface KeyBinding {
  readonly sequence: string;
  readonly description: PlainTextKey;
  readonly run: () => void;
}

/** After this a lone first key of a pair is forgotten. */
const pairMilliseconds = 1_200;

let bindings = $state.raw<readonly KeyBinding[]>([]);
let pending: { key: string; at: number } | undefined;

export function keyBindings(): readonly KeyBinding[] {
  return bindings;
}

/** Returns how to take them away again. */
export function bindKeys(added: readonly KeyBinding[]): () => void {
  // Called from effects, which must not follow the list that they change.
  bindings = [...untrack(() => bindings), ...added];
  return () => {
    bindings = untrack(() => bindings).filter((binding) => !added.includes(binding));
  };
}

export function handleKey(event: KeyboardEvent): void {
  const target = event.target as Element | null;
  if (event.ctrlKey || event.metaKey || event.altKey || target?.closest('input, textarea, select, [contenteditable], dialog[open]')) return;
  const pair = pending && event.timeStamp - pending.at < pairMilliseconds ? `${pending.key} ${event.key}` : undefined;
  const binding = bindings.find((candidate) => candidate.sequence === pair) ?? bindings.find((candidate) => candidate.sequence === event.key);
  pending = undefined;
  if (binding) {
    event.preventDefault();
    binding.run();
  } else if (bindings.some((candidate) => candidate.sequence.startsWith(`${event.key} `))) {
    pending = { key: event.key, at: event.timeStamp };
  }
}
