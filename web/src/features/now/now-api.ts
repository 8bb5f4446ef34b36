import { api } from '../../core/server';
import type { AlertSummary, MyAlert, Page } from '../../transport/contract/alerts';
import type { MyBulletinList } from '../../transport/contract/bulletins';
import type { OnDutyPerson } from '../../transport/contract/directory';

export function fetchActiveAlerts(signal: AbortSignal): Promise<Page<AlertSummary>> {
  return api.get('/api/v1/alerts', { query: { state: 'active', limit: 20 }, signal });
}

export function fetchLastAlerts(signal: AbortSignal): Promise<Page<AlertSummary>> {
  return api.get('/api/v1/alerts', { query: { limit: 1 }, signal });
}

export function fetchMyAlerts(signal: AbortSignal): Promise<Page<MyAlert>> {
  return api.get('/api/v1/me/alerts', { query: { state: 'active', limit: 20 }, signal });
}

export function fetchOnDuty(signal: AbortSignal): Promise<Page<OnDutyPerson>> {
  return api.get('/api/v1/rotas/on-duty', { signal });
}

export function fetchMyBulletins(signal: AbortSignal): Promise<MyBulletinList> {
  return api.get('/api/v1/me/bulletins', { signal });
}
