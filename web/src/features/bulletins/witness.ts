import { ApprovedTexts, canonical, fingerprintOf } from '../../core/approved-texts';
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
      const now = canonical({ author, draft });
      const before = this.seen.get(key);
      if (before === undefined) this.seen.set(key, now);
      return before !== undefined && before !== now;
    });
    return exchanged.map(({ version }) => version).sort((one, other) => one - other);
  }
}

/** Of all bulletins that this window has shown: a text that was exchanged while one looked elsewhere is noticed as well. */
export const bulletinWitness = new BulletinWitness();

/** What somebody reads and approves of a version, and nothing that the server adds later: its words, who is to have them, and who wrote it. */
export function wordsOf(bulletin: string, { version, author, draft }: Pick<Version, 'version' | 'author' | 'draft'>): string {
  return canonical({ bulletin, version, author, draft });
}

/**
 * The server takes an approval of a number. What it is of is held here: whoever approves does so only while the server still shows what they have read, and whoever comes back to another text under
 * the same number is told.
 */
export class BulletinApprovals {
  private readonly approved: ApprovedTexts;

  constructor(
    person: string,
    private readonly bulletin: string,
  ) {
    this.approved = new ApprovedTexts(person);
  }

  /** What was approved here of the version says something else by now. */
  differs({ version }: Pick<Version, 'version'>, fingerprint: string): boolean {
    const before = this.approved.of(`${this.bulletin}/${version}`);
    return before !== undefined && before !== fingerprint;
  }

  /** @param now The bulletin as the server shows it at the press. @param shown Fingerprint of what was read. @returns Whether that is still its newest version, word by word. */
  async isStill(now: Pick<Bulletin, 'versions'>, shown: string): Promise<boolean> {
    const [latest] = now.versions;
    return latest !== undefined && (await fingerprintOf(wordsOf(this.bulletin, latest))) === shown;
  }

  keep({ version }: Pick<Version, 'version'>, fingerprint: string): void {
    this.approved.keep(`${this.bulletin}/${version}`, fingerprint);
  }
}
