import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { actions, type ActionName } from '../../../src/core/access';
import { routes } from '../../../src/app/routing/routes';
import type { Role } from '../../../src/transport/contract/accounts';

const everyRole: readonly Role[] = ['administrator', 'crisis-director', 'crisis-member', 'communicator', 'auditor', 'staff'];

/** What docs/protocol/access.md says of each endpoint: which roles it admits. */
function admittedRoles(): Map<string, string> {
  const document = readFileSync(resolve(import.meta.dirname, '../../../../docs/protocol/access.md'), 'utf8');
  return new Map([...document.matchAll(/^\| `([A-Z]+ [^`]+)` \| ([^|]+) \|/gm)].map((row) => [row[1] ?? '', (row[2] ?? '').trim()]));
}

describe('access', () => {
  const document = admittedRoles();
  const names = Object.keys(actions) as ActionName[];

  it('reads_the_document_that_it_is_compared_with', () => {
    expect(document.size).toBeGreaterThan(100);
  });

  it.each(names.flatMap((name) => everyRole.map((role) => [role, name] as const)))(
    '%s_is_offered_%s_exactly_where_the_server_admits_it',
    (role, name) => {
      const admitted = document.get(actions[name].endpoint);
      expect(admitted, `${actions[name].endpoint} is in the document`).toBeDefined();
      const offered = (actions[name].roles as readonly Role[]).includes(role);
      expect(offered).toBe(admitted?.split(', ').includes(role) ?? false);
    },
  );

  it('every_page_but_ones_own_names_what_it_is_for', () => {
    expect(routes.filter((route) => route.needs === undefined).map((route) => route.pattern)).toEqual([
      '/',
      '/meetings',
      '/meetings/check',
      '/meetings/:id',
      '/crises',
      '/crises/:id',
      '/crises/:id/catch-up',
      '/crises/:id/report',
      '/crises/:id/reporting',
      '/crises/:id/situation',
      '/crises/:id/situation/:number',
      '/crises/:id/stakeholders',
      '/crises/:id/injects',
      '/exercises',
      '/exercises/:room/new',
      '/exercises/:room/scripts/:id',
      '/exercises/:room/scripts/:id/edit',
      '/exercises/:room/runs/:run',
      '/exercises/:room/runs/:run/report',
      '/trainings',
      '/trainings/:id',
      '/plans',
      '/plans/:library/new',
      '/plans/:library/:id',
      '/plans/:library/:id/edit',
      '/plans/:library/:id/versions',
      '/rooms',
      '/rooms/:id',
      '/rooms/:id/log',
      '/rooms/:id/tasks',
      '/rooms/:id/board',
      '/bulletins',
      '/bulletins/:id',
      '/help',
      '/help/:topic',
      '/me',
      '/me/devices',
    ]);
  });
});
