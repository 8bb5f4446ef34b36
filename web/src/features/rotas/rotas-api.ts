import { api } from '../../core/server';
import type { Page } from '../../transport/contract/alerts';
import type { RotaDetail, RotaInput, RotaOverride, RotaSchedule, RotaSummary } from '../../transport/contract/rotas';

function path(id: string, rest = ''): string {
  return `/api/v1/rotas/${encodeURIComponent(id)}${rest}`;
}

export function fetchRotas(signal: AbortSignal): Promise<Page<RotaSummary>> {
  return api.get('/api/v1/rotas', { query: { limit: 1000 }, signal });
}

export function fetchRota(id: string, signal: AbortSignal): Promise<RotaDetail> {
  return api.get(path(id), { signal });
}

export function fetchSchedule(id: string, from: Date, until: Date, signal: AbortSignal): Promise<RotaSchedule> {
  return api.get(path(id, '/schedule'), { query: { from: from.toISOString(), until: until.toISOString() }, signal });
}

export function addRota(input: RotaInput): Promise<RotaDetail> {
  return api.send('POST', '/api/v1/rotas', input);
}

export function changeRota(id: string, version: number, input: RotaInput): Promise<RotaDetail> {
  return api.send('PUT', path(id), input, { seenVersion: version });
}

export function removeRota(id: string, version: number): Promise<void> {
  return api.send('DELETE', path(id), undefined, { seenVersion: version });
}

export function overrideDuty(id: string, version: number, change: RotaOverride): Promise<RotaDetail> {
  return api.send('POST', path(id, '/overrides'), change, { seenVersion: version });
}

export function removeOverride(id: string, version: number, index: number): Promise<RotaDetail> {
  return api.send('DELETE', path(id, `/overrides/${index}`), undefined, { seenVersion: version });
}

export function handOver(id: string, version: number, from: string, to: string): Promise<RotaDetail> {
  return api.send('POST', path(id, '/hand-over'), { from, to }, { seenVersion: version });
}
