import { describe, expect, it } from 'vitest';
import { BulletinWitness, standingOf } from '../../../src/features/bulletins/witness';
import { bulletin } from '../../pages/fixtures/bulletins';

const [latest, before] = bulletin.versions;
if (latest === undefined || before === undefined) throw new Error('two versions');

describe('approvals of a bulletin', () => {
  it('of_two_people_let_it_be_published', () => {
    expect(standingOf(bulletin)).toEqual({ approvals: 2, isUnapproved: false });
  });

  it('of_an_older_version_never_count_for_a_newer_one_whatever_the_server_concludes', () => {
    for (const approvals of [[], latest.approvals.slice(1)]) {
      const lied = { mayPublish: true, versions: [{ ...latest, approvals }, before] };
      expect(standingOf(lied)).toEqual({ approvals: approvals.length, isUnapproved: true });
      expect(standingOf({ ...lied, mayPublish: false }).isUnapproved).toBe(false);
      // Nor once it shows it as published.
      const out = { ...latest, approvals, publishedAt: '2026-11-22T03:00:00Z' };
      expect(standingOf({ mayPublish: false, versions: [out, before] }).isUnapproved).toBe(true);
    }
    expect(standingOf({ mayPublish: true, versions: [] }).isUnapproved).toBe(true);
  });
});

describe('a version of a bulletin', () => {
  it('is_the_same_as_long_as_it_says_the_same_whoever_approves_it_and_in_whatever_order_it_comes', () => {
    const witness = new BulletinWitness();
    expect(witness.hold('a', bulletin.versions)).toEqual([]);
    const turned = Object.fromEntries(Object.entries(latest.draft).reverse()) as unknown as typeof latest.draft;
    expect(witness.hold('a', [{ ...latest, draft: turned, approvals: [] } as typeof latest])).toEqual([]);
    // A new version is no exchanged one, nor is the same number of another bulletin.
    expect(witness.hold('a', [{ ...latest, version: 3, draft: before.draft }])).toEqual([]);
    expect(witness.hold('b', [{ ...latest, draft: before.draft }])).toEqual([]);
  });

  it('that_says_or_reaches_something_else_than_before_was_exchanged_and_stays_so', () => {
    for (const change of [{ title: { fr: 'Autre', en: null } }, { toPublic: !latest.draft.toPublic }, { reason: null }]) {
      const witness = new BulletinWitness();
      witness.hold('a', bulletin.versions);
      const exchanged = { ...latest, draft: { ...latest.draft, ...change } };
      expect(witness.hold('a', [exchanged, before])).toEqual([2]);
      expect(witness.hold('a', [exchanged, before])).toEqual([2]);
    }
    const witness = new BulletinWitness();
    witness.hold('a', bulletin.versions);
    expect(witness.hold('a', [{ ...latest, author: 'Somebody' }])).toEqual([2]);
  });
});
