import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const contract = resolve(import.meta.dirname, '../../../src/transport/contract');

/** What the generated contract can not say, and why it is written by hand. */
const byHand: Readonly<Record<string, string>> = {
  Page: 'the contract has one page type for each kind of item',
  NamedThing: 'what groups, sites, functions and rotas have in common',
  ImportedField: 'the contract says of the outcome of a line only that it is JSON',
  ImportLineRefusal: 'the contract says of the outcome of a line only that it is JSON',
};

describe('contract types', () => {
  const modules = readdirSync(contract).filter((name) => name !== 'generated.d.ts');

  it('come_from_the_generated_contract', () => {
    expect(modules.length).toBeGreaterThan(5);
    for (const name of modules) expect(readFileSync(join(contract, name), 'utf8')).toContain("from './generated'");
  });

  it('are_written_by_hand_only_for_a_written_reason', () => {
    const written = modules.flatMap((name) =>
      [...readFileSync(join(contract, name), 'utf8').matchAll(/\binterface (\w+)/g)].map((match) => match[1] ?? ''),
    );
    expect(written.sort()).toEqual(Object.keys(byHand).sort());
  });
});
