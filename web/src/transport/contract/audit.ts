import type { components } from './generated';

export type AuditEntry = components['schemas']['AuditEntry'];
export type AuditIntegrity = components['schemas']['AuditIntegrity'];
