import { foldForSearch } from '../search-fold';
import type { ShownMessage, TimelineEntry } from './room-view';

/** The latest messages that have all words of the query in them, without regard to case and accents. Here and not on the server: only here are there words. */
export function findMessages(timeline: readonly TimelineEntry[], query: string, most: number): readonly ShownMessage[] {
  const words = foldForSearch(query).split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const found: ShownMessage[] = [];
  for (let at = timeline.length - 1; at >= 0 && found.length < most; at--) {
    const one = timeline[at];
    if (one?.kind !== 'message' || one.message.text === null) continue;
    const text = foldForSearch(`${one.message.text} ${one.message.file?.name ?? ''}`);
    if (words.every((word) => text.includes(word))) found.push(one.message);
  }
  return found;
}
