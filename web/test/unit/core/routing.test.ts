import { describe, expect, it } from 'vitest';
import { matchPath } from '../../../src/app/routing/match';

describe('routing', () => {
  it('parameters_are_read_from_the_address', () => {
    expect(matchPath('/alerts/:id', '/alerts/42')).toEqual({ id: '42' });
    expect(matchPath('/', '/')).toEqual({});
  });

  it('a_longer_or_shorter_address_does_not_match', () => {
    expect(matchPath('/alerts/:id', '/alerts')).toBeUndefined();
    expect(matchPath('/alerts', '/alerts/42')).toBeUndefined();
  });

  it('a_trailing_slash_changes_nothing', () => {
    expect(matchPath('/alerts', '/alerts/')).toEqual({});
  });

  it('a_broken_escape_is_taken_as_it_is', () => {
    expect(matchPath('/x/:id', '/x/%E0%A4%A')).toEqual({ id: '%E0%A4%A' });
  });
});
