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

export interface PeopleFilter {
  readonly search?: string | undefined;
  readonly groupId?: string | undefined;
  readonly siteId?: string | undefined;
  readonly functionId?: string | undefined;
  readonly active?: boolean | undefined;
}

const most = 1000;

export function fetchPeople(filter: PeopleFilter, after: string | undefined, signal: AbortSignal): Promise<Page<PersonSummary>> {
  return api.get('/api/v1/people', { query: { ...filter, after, limit: 100 }, signal });
}

export function fetchPerson(id: string, signal: AbortSignal): Promise<PersonDetail> {
  return api.get(`/api/v1/people/${encodeURIComponent(id)}`, { signal });
}

export function addPerson(person: PersonInput): Promise<PersonDetail> {
  return api.send('POST', '/api/v1/people', person);
}

export function changePerson(id: string, person: PersonInput): Promise<PersonDetail> {
  return api.send('PUT', `/api/v1/people/${encodeURIComponent(id)}`, person);
}

export function setPersonActive(id: string, active: boolean): Promise<PersonDetail> {
  return api.send('POST', `/api/v1/people/${encodeURIComponent(id)}/${active ? 'reactivate' : 'deactivate'}`);
}

export function contactPointsOf(personId: string): ContactPointCommands {
  return contactPointCommands(`/api/v1/people/${encodeURIComponent(personId)}/contact-points`);
}

export interface ContactPointCommands {
  add(input: ContactPointInput): Promise<ContactPoint>;
  change(id: string, input: ContactPointInput): Promise<ContactPoint>;
  remove(id: string): Promise<void>;
  confirm(id: string): Promise<ContactPoint>;
}

function contactPointCommands(path: string): ContactPointCommands {
  return {
    add: (input) => api.send('POST', path, input),
    change: (id, input) => api.send('PUT', `${path}/${id}`, input),
    remove: (id) => api.send('DELETE', `${path}/${id}`),
    confirm: (id) => api.send('POST', `${path}/${id}/confirm`),
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

export type NamedKind = 'groups' | 'sites' | 'functions';

export function saveNamed(kind: NamedKind, id: string | undefined, input: object): Promise<unknown> {
  return id === undefined ? api.send('POST', `/api/v1/${kind}`, input) : api.send('PUT', `/api/v1/${kind}/${id}`, input);
}

export function removeNamed(kind: NamedKind, id: string): Promise<void> {
  return api.send('DELETE', `/api/v1/${kind}/${id}`);
}

export function changeMembers(groupId: string, add: readonly string[], remove: readonly string[]): Promise<void> {
  return api.send('POST', `/api/v1/groups/${groupId}/members`, { add, remove });
}

export function setSubgroups(groupId: string, groups: readonly string[]): Promise<void> {
  return api.send('PUT', `/api/v1/groups/${groupId}/subgroups`, { groups });
}

export function setHolders(functionId: string, holders: readonly string[], deputies: readonly string[]): Promise<void> {
  return api.send('PUT', `/api/v1/functions/${functionId}/holders`, { holders, deputies });
}
