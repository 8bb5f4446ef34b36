import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Role } from '../../src/transport/contract/accounts';
import type { ReceivedRequest, ScriptedAnswer } from './scripted-server';

interface Rule {
  readonly expression: RegExp;
  readonly literals: number;
  readonly roles: string;
}

/** docs/protocol/access.md, which a test of the server makes by walking its endpoints. */
const rules: readonly Rule[] = [
  ...readFileSync(resolve(import.meta.dirname, '../../../docs/protocol/access.md'), 'utf8').matchAll(/^\| `([A-Z]+ \/api\/[^`]+)` \| ([^|]+) \|/gm),
]
  .map(([, endpoint = '', roles = '']) => ({
    expression: new RegExp(`^${endpoint.replace(/\./g, '\\.').replace(/\{[^}]+\}/g, '[^/]+')}$`),
    literals: endpoint.split('/').filter((part) => !part.startsWith('{')).length,
    roles: roles.trim(),
  }))
  // `/alerts/raise` is not an alert whose id is "raise": what is written out goes before what is filled in.
  .sort((a, b) => b.literals - a.literals);

/** Refuses, as the server would, whatever these roles may not call; and what no rule of the document names. */
export function asAdmitted(roles: readonly Role[]): (request: ReceivedRequest) => ScriptedAnswer | undefined {
  return ({ method, path }) => {
    const rule = rules.find(({ expression }) => expression.test(`${method} ${path}`));
    if (!rule) return { status: 500, body: { code: 'internal-error', title: `No access rule for ${method} ${path}`, status: 500 } };
    if (rule.roles.startsWith('everybody')) return undefined;
    return rule.roles.split(', ').some((role) => (roles as readonly string[]).includes(role))
      ? undefined
      : { status: 403, body: { code: 'not-allowed', title: 'No.', status: 403 } };
  };
}
