import type { Bulletin } from '../../transport/contract/bulletins';

type Version = Bulletin['versions'][number];

/** So many people who did not write a version approve it (decision 130). */
export const approvalsNeeded = 2;

/** What the server says of the newest version, as far as this browser can hold it against itself. */
export interface Standing {
  /** Of this version, and no other. */
  readonly approvals: number;
  /** The server would have this published, or shows it as published, though that many people have not approved it. */
  readonly isUnapproved: boolean;
}

/** Bulletins are in clear on the server and nobody signs an approval: this counts what the server shows, and asks nothing of what it concludes. */
export function standingOf({ mayPublish, versions: [latest] }: Pick<Bulletin, 'mayPublish' | 'versions'>): Standing {
  const approvals = latest?.approvals.length ?? 0;
  return { approvals, isUnapproved: approvals < approvalsNeeded && (mayPublish || (latest?.publishedAt ?? null) !== null) };
}

/** Each version's text as it was first shown here. A version never changes: one that does was exchanged. */
export class BulletinWitness {
  private readonly seen = new Map<string, string>();

  /** @returns Numbers of versions that now say something else than when they were first shown, or go to others; ascending. */
  hold(id: string, versions: readonly Pick<Version, 'version' | 'author' | 'draft'>[]): readonly number[] {
    const exchanged = versions.filter(({ version, author, draft }) => {
      const key = `${id}/${version}`;
      const now = JSON.stringify([author, inOrder(draft)]);
      const before = this.seen.get(key);
      if (before === undefined) this.seen.set(key, now);
      return before !== undefined && before !== now;
    });
    return exchanged.map(({ version }) => version).sort((one, other) => one - other);
  }
}

/** Of all bulletins that this window has shown: a text that was exchanged while one looked elsewhere is noticed as well. */
export const bulletinWitness = new BulletinWitness();

/** The same whatever order the server writes its fields in. */
function inOrder(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(inOrder);
  return Object.entries(value)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, of]) => [name, inOrder(of)]);
}
