import { api } from '../../core/server';
import type { Page } from '../../transport/contract/alerts';
import type {
  ContactPoint,
  ContactPointInput,
  FunctionView,
  NamedGroup,
  PersonDetail,
  PersonInput,
  PersonSummary,
  SiteView,
} from '../../transport/contract/directory';
import type { Lack } from '../common/lacks';

export interface PeopleFilter {
  readonly search?: string | undefined;
  readonly groupId?: string | undefined;
  readonly siteId?: string | undefined;
  readonly functionId?: string | undefined;
  readonly active?: boolean | undefined;
  /** Only who lacks it. */
  readonly lacking?: Lack | undefined;
  /** Of `recent-verification`: how many months are recent. */
  readonly months?: number | undefined;
}

const most = 1000;

export function fetchPeople(filter: PeopleFilter, after: string | undefined, signal: AbortSignal): Promise<Page<PersonSummary>> {
  return api.get('/api/v1/people', { query: { ...filter, after, limit: 100 }, signal });
}

export function fetchPerson(id: string, signal: AbortSignal): Promise<PersonDetail> {
  return api.get('/api/v1/people/{id}', { path: { id }, signal });
}

export function addPerson(person: PersonInput): Promise<PersonDetail> {
  return api.send('POST', '/api/v1/people', { body: person });
}

export function changePerson(id: string, person: PersonInput): Promise<PersonDetail> {
  return api.send('PUT', '/api/v1/people/{id}', { path: { id }, body: person });
}

export function setPersonActive(id: string, active: boolean): Promise<PersonDetail> {
  return api.send('POST', active ? '/api/v1/people/{id}/reactivate' : '/api/v1/people/{id}/deactivate', { path: { id } });
}

export function contactPointsOf(person: string) {
  return {
    add: (input: ContactPointInput): Promise<ContactPoint> =>
      api.send('POST', '/api/v1/people/{person}/contact-points', { path: { person }, body: input }),
    change: (id: string, input: ContactPointInput): Promise<ContactPoint> =>
      api.send('PUT', '/api/v1/people/{person}/contact-points/{id}', { path: { person, id }, body: input }),
    remove: (id: string): Promise<void> => api.send('DELETE', '/api/v1/people/{person}/contact-points/{id}', { path: { person, id } }),
    confirm: (id: string): Promise<ContactPoint> => api.send('POST', '/api/v1/people/{person}/contact-points/{id}/confirm', { path: { person, id } }),
  };
}

export function fetchGroups(signal: AbortSignal): Promise<Page<NamedGroup>> {
  return api.get('/api/v1/groups', { query: { limit: most }, signal });
}

export function fetchSites(signal: AbortSignal): Promise<Page<SiteView>> {
  return api.get('/api/v1/sites', { query: { limit: most }, signal });
}

export function fetchFunctions(signal: AbortSignal): Promise<Page<FunctionView>> {
  return api.get('/api/v1/functions', { query: { limit: most }, signal });
}

/** Fields by their names; null where nothing was written. */
export type NamedInput = Readonly<Record<string, string | null>>;

export interface NamedCommands {
  add(input: NamedInput): Promise<unknown>;
  change(id: string, input: NamedInput): Promise<void>;
  remove(id: string): Promise<void>;
}

export const groupCommands: NamedCommands = {
  add: (body) => api.send('POST', '/api/v1/groups', { body }),
  change: (id, body) => api.send('PUT', '/api/v1/groups/{id}', { path: { id }, body }),
  remove: (id) => api.send('DELETE', '/api/v1/groups/{id}', { path: { id } }),
};

export const siteCommands: NamedCommands = {
  add: (body) => api.send('POST', '/api/v1/sites', { body }),
  change: (id, body) => api.send('PUT', '/api/v1/sites/{id}', { path: { id }, body }),
  remove: (id) => api.send('DELETE', '/api/v1/sites/{id}', { path: { id } }),
};

export const functionCommands: NamedCommands = {
  add: (body) => api.send('POST', '/api/v1/functions', { body }),
  change: (id, body) => api.send('PUT', '/api/v1/functions/{id}', { path: { id }, body }),
  remove: (id) => api.send('DELETE', '/api/v1/functions/{id}', { path: { id } }),
};

export function changeMembers(groupId: string, add: readonly string[], remove: readonly string[]): Promise<void> {
  return api.send('POST', '/api/v1/groups/{id}/members', { path: { id: groupId }, body: { add, remove } });
}

export function setSubgroups(groupId: string, groups: readonly string[]): Promise<void> {
  return api.send('PUT', '/api/v1/groups/{id}/subgroups', { path: { id: groupId }, body: { groups } });
}

export function setHolders(functionId: string, holders: readonly string[], deputies: readonly string[]): Promise<void> {
  return api.send('PUT', '/api/v1/functions/{id}/holders', { path: { id: functionId }, body: { holders, deputies } });
}
