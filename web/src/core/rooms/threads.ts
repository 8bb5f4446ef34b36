import type { ShownMessage, TimelineEntry } from './room-view';

/** Messages that answer each other, under the first of them. */
export interface Threads {
  /** By the id of the first message; only where somebody has answered. In order. */
  readonly replies: ReadonlyMap<string, readonly ShownMessage[]>;
  /** The first message of the thread that a message is in: itself where it answers nothing that is in the room. */
  rootOf(id: string): string;
}

/** An answer belongs to what stands before it: whoever makes two messages answer each other makes no circle. */
export function threadsOf(timeline: readonly TimelineEntry[]): Threads {
  const roots = new Map<string, string>();
  const replies = new Map<string, ShownMessage[]>();
  for (const one of timeline) {
    if (one.kind !== 'message') continue;
    const { id, replyTo } = one.message;
    const root = replyTo === null ? undefined : roots.get(replyTo);
    roots.set(id, root ?? id);
    if (root === undefined) continue;
    const known = replies.get(root);
    if (known === undefined) replies.set(root, [one.message]);
    else known.push(one.message);
  }
  return { replies, rootOf: (id) => roots.get(id) ?? id };
}
