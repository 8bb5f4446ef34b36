import { api } from '../../core/server';
import type { Page } from '../../transport/contract/alerts';
import type { RotaDetail, RotaInput, RotaOverride, RotaSchedule, RotaSummary } from '../../transport/contract/rotas';

export function fetchRotas(signal: AbortSignal): Promise<Page<RotaSummary>> {
  return api.get('/api/v1/rotas', { query: { limit: 1000 }, signal });
}

export function fetchRota(id: string, signal: AbortSignal): Promise<RotaDetail> {
  return api.get('/api/v1/rotas/{id}', { path: { id }, signal }) as Promise<RotaDetail>;
}

export function fetchSchedule(id: string, from: Date, until: Date, signal: AbortSignal): Promise<RotaSchedule> {
  return api.get('/api/v1/rotas/{id}/schedule', {
    path: { id },
    query: { from: from.toISOString(), until: until.toISOString() },
    signal,
  }) as Promise<RotaSchedule>;
}

export function addRota(input: RotaInput): Promise<RotaDetail> {
  return api.send('POST', '/api/v1/rotas', { body: input }) as Promise<RotaDetail>;
}

export function changeRota(id: string, version: number, input: RotaInput): Promise<RotaDetail> {
  return api.send('PUT', '/api/v1/rotas/{id}', { path: { id }, body: input, seenVersion: version }) as Promise<RotaDetail>;
}

export function removeRota(id: string, version: number): Promise<void> {
  return api.send('DELETE', '/api/v1/rotas/{id}', { path: { id }, seenVersion: version });
}

export function overrideDuty(id: string, version: number, change: RotaOverride): Promise<RotaDetail> {
  return api.send('POST', '/api/v1/rotas/{id}/overrides', { path: { id }, body: change, seenVersion: version }) as Promise<RotaDetail>;
}

export function removeOverride(id: string, version: number, index: number): Promise<RotaDetail> {
  return api.send('DELETE', '/api/v1/rotas/{id}/overrides/{index}', { path: { id, index }, seenVersion: version }) as Promise<RotaDetail>;
}

export function handOver(id: string, version: number, from: string, to: string): Promise<RotaDetail> {
  return api.send('POST', '/api/v1/rotas/{id}/hand-over', { path: { id }, body: { from, to }, seenVersion: version }) as Promise<RotaDetail>;
}
