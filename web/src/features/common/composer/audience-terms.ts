import { foldForSearch } from '../../../core/search-fold';
import type { Mutable } from '../../../core/mutable';
import type { AudienceExpression, AudienceSelection } from '../../../transport/contract/content';
import type { DirectoryNames } from '../directory-names';

export type TermKind = 'groups' | 'sites' | 'functions' | 'onDuty' | 'people';

/** One way of naming people in an audience. */
export interface AudienceTerm {
  readonly kind: TermKind;
  readonly id: string;
  readonly name: string;
}

export const nobody: AudienceSelection = { everyone: false, people: [], groups: [], sites: [], functions: [], onDuty: [], lists: [] };

/** Names of single people are learnt as they are picked: the directory is too large to have whole. */
export class TermNames {
  private readonly known = new Map<string, string>();

  constructor(names: DirectoryNames) {
    const add = (kind: TermKind, things: readonly { readonly id: string; readonly name: string }[]): void => {
      for (const thing of things) this.known.set(`${kind} ${thing.id}`, thing.name);
    };
    add('groups', names.groups);
    add('sites', names.sites);
    add('functions', names.functions);
    add('onDuty', names.rotas);
  }

  learn(term: AudienceTerm): void {
    this.known.set(`${term.kind} ${term.id}`, term.name);
  }

  of(kind: TermKind, id: string): string {
    return this.known.get(`${kind} ${id}`) ?? id;
  }
}

const kinds: readonly TermKind[] = ['groups', 'sites', 'functions', 'onDuty', 'people'];

export function termsOf(selection: AudienceSelection, names: TermNames): AudienceTerm[] {
  return kinds.flatMap((kind) => selection[kind].map((id) => ({ kind, id, name: names.of(kind, id) })));
}

export function addTerm(selection: Mutable<AudienceSelection>, term: AudienceTerm): void {
  if (!selection[term.kind].includes(term.id)) selection[term.kind].push(term.id);
}

export function removeTerm(selection: Mutable<AudienceSelection>, term: AudienceTerm): void {
  selection[term.kind] = selection[term.kind].filter((id) => id !== term.id);
}

export function isEmptyAudience(audience: AudienceExpression): boolean {
  const { include } = audience;
  return !include.everyone && include.lists.length === 0 && kinds.every((kind) => include[kind].length === 0);
}

/** Groups, sites, functions and rotas whose name holds what was typed. */
export function matchingTerms(names: DirectoryNames, typed: string, limit: number): AudienceTerm[] {
  const wanted = foldForSearch(typed.trim());
  const pick = (kind: TermKind, things: readonly { readonly id: string; readonly name: string }[]): AudienceTerm[] =>
    things.filter((thing) => foldForSearch(thing.name).includes(wanted)).map(({ id, name }) => ({ kind, id, name }));
  return [
    ...pick('onDuty', names.rotas),
    ...pick('functions', names.functions),
    ...pick('groups', names.groups),
    ...pick('sites', names.sites),
  ].slice(0, limit);
}
